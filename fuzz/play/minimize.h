// Delta debugging of scenarios: makes a scenario as small as it can be while it still gets the same verdict.
#ifndef FUZZ_PLAY_MINIMIZE_H_
#define FUZZ_PLAY_MINIMIZE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Minimized {
  Scenario scenario;
  std::vector<std::string> removed;  // in words: "2 of 3 CPUs", "the virtual machine"
  std::uint64_t executions = 0;      // tried on the way
};

// The smallest scenario found whose verdict has the kind, oracle and cause of `keep`. It is valid; taking away any
// one CPU, lock, fault, section or work changes the verdict; the same arguments give the same result. If `scenario`
// itself does not get that verdict it is returned unchanged. A drawn schedule is first written out as switches
// (explicit_schedule.h), which then go one by one; only one that switches cannot say stays.
// REQUIRES: the scenario is valid.
Minimized Minimize(const Scenario& scenario, const Verdict& keep);

// The same for any property of a scenario. `has_property` is a function of its argument alone and gets valid
// scenarios only.
Minimized MinimizeKeeping(const Scenario& scenario, absl::FunctionRef<bool(const Scenario&)> has_property);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_MINIMIZE_H_
