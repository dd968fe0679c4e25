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

// With the generator's programs and faults:
//   "sparse"            schedules run on until told to switch, at a few drawn moments
//   "dense"             every second scenario gets up to 40 more such moments
//   "uniform-schedule", "pct", "pos", "surw"
//                       schedules as fuzz/engines/schedule_chooser.h describes them, without such moments
//   "mix"               the mix of all these that campaigns use (fuzz/scenario/draw_schedule.h)
// And the baseline, which does not share the generator:
//   "uniform"           everything drawn uniformly, programs, faults and schedules (uniform_scenario.h)
std::vector<std::string> StrategyNames();
// REQUIRES: one of these names.
std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_STRATEGY_H_
