// Checks the invariants of a scenario, for tests and for whoever builds a scenario by hand.
#ifndef FUZZ_SCENARIO_VALIDATE_H_
#define FUZZ_SCENARIO_VALIDATE_H_

#include "absl/status/status.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// OK if the invariants listed in scenario.h hold, and if every field that its operation, moment or fault does
// not use has its default value (so that equal scenarios compare equal). Otherwise kInvalidArgument, with the
// first offence in words.
absl::Status Validate(const Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_VALIDATE_H_
