// Selectively uniform random walk: H. Zhao, D. Wolff, U. Mathur, A. Roychoudhury, "Selectively uniform concurrency
// testing", ASPLOS 2025.
//
// Of the accesses some are interesting. The CPU whose interesting access comes next is drawn in proportion to how
// many each has left, so that every order of these accesses is equally likely; the others come to theirs and wait
// there. Between interesting accesses the walk is uniform. A plain random walk favours orders in which CPUs
// alternate, and nearly never lets one run far ahead.
//
// Interesting is here what touches the word of one lock, drawn from the acquires of the programs.
//
// Deviations: how many accesses there will be is guessed from the text of the scenario (the paper counts them in a
// trial run); a waiter makes more of them, and then counts as having one left. If the drawn CPU cannot run, another
// is drawn.
#ifndef FUZZ_PLAY_SURW_CHOOSER_H_
#define FUZZ_PLAY_SURW_CHOOSER_H_

#include <array>
#include <cstdint>

#include "fuzz/play/schedule_chooser.h"

namespace rqfuzz {

// Invariant: interesting_ is the mask of the CPUs whose next access is known to be interesting; only intended_ may
// make one.
class SurwChooser final : public ScheduleChooser {
 public:
  void Start(const Scenario& scenario) override;
  Decision Choose(const SchedulePoint& point) override;

 private:
  void DrawIntended(unsigned runnable);

  Random random_{0};
  unsigned lock_ = 0;
  std::array<unsigned, kCpusMax> left_{};  // interesting accesses
  unsigned interesting_ = 0;
  unsigned intended_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_SURW_CHOOSER_H_
