// Ways of choosing what to play next, to be compared. Each starts from nothing.
#ifndef TESTS_FIND_BUGS_STRATEGY_H_
#define TESTS_FIND_BUGS_STRATEGY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/oracles/verdict.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"
#include "tests/find_bugs/bug.h"

namespace rqfuzz {

// Any execution can be played without those before it.
class Strategy {
 public:
  explicit Strategy(std::uint64_t seed) : start_(Random(seed).Next()) {}
  virtual ~Strategy() = default;

  // Execution `number`: a function of the seed, the number and the bug.
  Verdict Play(const Bug& bug, std::uint64_t number) const;

 private:
  // What to play.
  virtual Scenario Choose(const Bug& bug, Random& random) const = 0;

  const std::uint64_t start_;
};

// With the generator's programs and faults:
//   "sparse"            schedules run on until told to switch, at a few drawn moments
//   "dense"             every second scenario gets up to 40 more such moments
//   "uniform-schedule", "pct", "pos", "surw"
//                       schedules as fuzz/play/schedule_chooser.h describes them, without such moments
//   "mix"               sparse, but now and then one of those four: what campaigns play (fuzz/scenario/draw_schedule.h)
// And the baseline, which does not share the generator:
//   "uniform"           everything drawn uniformly, programs, faults and schedules (uniform_scenario.h)
std::vector<std::string> StrategyNames();
// REQUIRES: one of these names.
std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_STRATEGY_H_
