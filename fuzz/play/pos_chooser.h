// Partial order sampling: X. Yuan, J. Yang, R. Gu, "Partial order aware concurrency sampling", CAV 2018.
//
// The next access of each CPU has a random priority; the highest that can run is made. Its CPU's next access gets a
// fresh one, and so does each pending access that conflicts with it: two CPUs, the same place, at least one writes.
// So accesses that commute are not shuffled against each other over and over.
//
// Deviations: places are told apart by eight bytes; a read-modify-write counts as a write, also if it fails; what a
// CPU does after it was blocked is unknown until its next point, and conflicts with nothing till then.
#ifndef FUZZ_PLAY_POS_CHOOSER_H_
#define FUZZ_PLAY_POS_CHOOSER_H_

#include <array>
#include <cstdint>

#include "fuzz/play/schedule_chooser.h"

namespace rqfuzz {

// Invariant: pending_[cpu] is what the CPU does when it next goes on, kNoAccess if that is not known.
class PosChooser final : public ScheduleChooser {
 public:
  void Start(const Scenario& scenario) override;
  Decision Choose(const SchedulePoint& point) override;

 private:
  Random random_{0};
  std::array<std::uint64_t, kCpusMax> priority_{};
  std::array<Access, kCpusMax> pending_{};
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_POS_CHOOSER_H_
