// Ways of choosing who runs next, for scenarios with a `schedule` line.
//
//   uniform  at each point any CPU that can run: the random walk that everybody would write first
//   pct      priorities that change at a few drawn points (pct_chooser.h)
//   pos      priorities that are drawn anew after each access, and by conflicts (pos_chooser.h)
//   surw     a random walk that is uniform over the orders of a few accesses (surw_chooser.h)
//
// Two more ways need no chooser. Sparse explicit switches are `switch` faults: they come at their moments whatever
// the chooser says, and without a `schedule` line they are all there is. Replay is playing the scenario again: each
// chooser is a function of the scenario alone, so what it did once it does always; explicit_schedule.h writes it out.
//
// What all of them have in common, and where they differ from the papers: a CPU that waits in a loop counts as
// blocked once it is frozen (machine.h), or a schedule by priorities would never come to the CPU that it waits for;
// time passes only when all are blocked, as ever; and the contexts of a CPU (task, interrupts) are one thread of the
// papers.
#ifndef FUZZ_PLAY_SCHEDULE_CHOOSER_H_
#define FUZZ_PLAY_SCHEDULE_CHOOSER_H_

#include <bit>
#include <cstdint>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// What a chooser is asked about.
struct SchedulePoint {
  unsigned cpu = 0;        // the one that runs
  bool blocked = false;    // it cannot go on; otherwise it has come to a scheduling point
  unsigned runnable = 0;   // the CPUs that can run, a mask that is not 0
  unsigned live = 0;       // those that have not ended, as a mask
  std::uint64_t step = 0;  // points that were passed, on all CPUs
  Access next;             // unless blocked: what `cpu` does next
};

struct Decision {
  unsigned cpu = 0;  // one of the runnable
  // If that is the CPU that runs: the point of its context at which the chooser is asked next, counted from this one.
  unsigned points = 1;
};

// Contract: Start() first, then Choose() at the first point of each operation, wherever a CPU is blocked, and after
// as many points as the last decision for the running context said; where a fault of the scenario switches, at that
// point, it is not asked. The same calls give the same decisions. No allocation. Caller: the player.
class ScheduleChooser {
 public:
  virtual ~ScheduleChooser() = default;
  virtual void Start(const Scenario& scenario) = 0;
  virtual Decision Choose(const SchedulePoint& point) = 0;
};

// The chooser of the scenario, started; null if its switches are all there is. Valid until the next call.
ScheduleChooser* StartChooser(const Scenario& scenario);

// A CPU of the mask, each as likely.
inline unsigned DrawCpu(unsigned mask, Random& random) {
  RQFUZZ_CHECK(mask != 0);
  for (std::uint64_t skip = random.Below(static_cast<unsigned>(std::popcount(mask))); skip > 0; --skip) {
    mask &= mask - 1;
  }
  return static_cast<unsigned>(std::countr_zero(mask));
}

// What the papers take from trial runs is guessed from the text of the scenario: the scheduling points of a program
// that never waits.
unsigned EstimatedPoints(const Program& program);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_SCHEDULE_CHOOSER_H_
