// Ways of choosing what to play next, to be compared. Each starts from nothing.
#ifndef TESTS_FIND_BUGS_STRATEGY_H_
#define TESTS_FIND_BUGS_STRATEGY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/oracles/verdict.h"
#include "tests/find_bugs/bug.h"

namespace rqfuzz {

// What it plays is a function of its seed and of the bug.
class Strategy {
 public:
  virtual ~Strategy() = default;
  // One execution.
  virtual Verdict PlayNext(const Bug& bug) = 0;
};

// "sparse": fresh scenarios, whose schedules run on until told to switch, at a few drawn moments.
// "dense": every second scenario gets up to 40 more such moments.
// "uniform": the same programs, interrupts and other faults, but no drawn switches: at every scheduling point the
// execution goes on with a CPU drawn uniformly from all; one that cannot run leaves the running one in its place.
std::vector<std::string> StrategyNames();
// REQUIRES: one of these names.
std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_STRATEGY_H_
