// Probabilistic concurrency testing: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A randomized scheduler
// with probabilistic guarantees of finding bugs", ASPLOS 2010.
//
// Each CPU has a priority; the highest that can run runs. At depth - 1 drawn steps of the execution the running CPU's
// priority falls below all others. A bug that needs `depth` orderings is found with probability 1 / (n k^(depth -
// 1)), for n CPUs and k steps.
//
// Deviations: k is guessed from the text of the scenario (the paper measures it), and most executions end earlier or,
// where many wait, later. A CPU that runs alone at the top is not looked at before the next change: if it blocks
// meanwhile, the change it was to make may come late by as many points as the others passed.
#ifndef FUZZ_PLAY_PCT_CHOOSER_H_
#define FUZZ_PLAY_PCT_CHOOSER_H_

#include <array>
#include <cstdint>

#include "fuzz/play/schedule_chooser.h"

namespace rqfuzz {

// Invariants: priorities are all different; those that a change has lowered lie below kPctDepthMax, the first ones
// above; changes_[next_change_] is the next change's step, in rising order, and the last is never reached.
class PctChooser final : public ScheduleChooser {
 public:
  void Start(const Scenario& scenario) override;
  Decision Choose(const SchedulePoint& point) override;

 private:
  std::array<std::uint8_t, kCpusMax> priority_{};
  std::array<std::uint64_t, kPctDepthMax> changes_{};
  unsigned next_change_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_PCT_CHOOSER_H_
