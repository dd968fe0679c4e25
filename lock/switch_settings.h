// The switches of a revision in words, for whoever lists revisions. One line a switch, in the order of revision.h.
#ifndef LOCK_SWITCH_SETTINGS_H_
#define LOCK_SWITCH_SETTINGS_H_

#include <array>
#include <string_view>

#include "lock/lock_type.h"
#include "lock/revision.h"

namespace locks {

inline constexpr std::size_t kSwitchCount = 13;
using SwitchSettings = std::array<SwitchSetting, kSwitchCount>;

constexpr std::string_view describe(NmiQueueing queueing) {
  switch (queueing) {
    case NmiQueueing::kAlways: return "queues like anybody";
    case NmiQueueing::kNever: return "never queues";
    case NmiQueueing::kFirstNode: return "queues unless it interrupted a waiter with a node";
  }
}

constexpr std::string_view describe(HeadDeadlock head_deadlock) {
  switch (head_deadlock) {
    case HeadDeadlock::kDestroys: return "destroys the queue";
    case HeadDeadlock::kHandsOver: return "hands over, waits for a successor";
    case HeadDeadlock::kSwapsTail: return "swaps the tail first, else hands over";
  }
}

constexpr SwitchSettings switch_settings(const Revision& revision) {
  return {{
      {"entry grabbed",
       revision.entry_grab == EntryGrab::kBeforeCas ? "before the fast path's CAS" : "after the lock word changed",
       "beb7021a6003"},
      {"unlock",
       revision.unlock_order == UnlockOrder::kStoreFirst ? "release store, then slot" : "slot, then release store",
       "beb7021a6003"},
      {"AA check when a wait starts",
       revision.aa_check == AaCheck::kAtStart ? "once at the start" : "from 1 ms on, every ms", "5860f5ce479f"},
      {"AA check before queueing", revision.aa_check_before_queueing ? "yes" : "no", "087849cca31d"},
      {"NMI in the queue path", describe(revision.nmi_queueing), "0d80e7f951be, 81d5a6a43859, 30dc2f7025fe"},
      {"without a queue node",
       revision.trylock_fallback == TrylockFallback::kOnce ? "one trylock, else -EDEADLK" : "spins on trylock",
       "81d5a6a43859, 30dc2f7025fe"},
      {"programs inside the lock's functions", revision.runs_programs_at_any_step ? "yes" : "no", ""},
      {"head sees -EDEADLK", describe(revision.head_deadlock), "7bd6e5ce5be6, 7a3c0289c3c8"},
      {"destroyed waiters get", revision.destroyed_error == -EDEADLK ? "-EDEADLK" : "-ETIMEDOUT", ""},
      {"test-and-set path grabs an entry", revision.test_and_set_grabs_entry ? "yes" : "no", "82f3b142c99c"},
      {"irqsave release and failed acquire restore",
       revision.restore_order == RestoreOrder::kInterruptsFirst ? "interrupts, then preemption"
                                                                : "preemption, then interrupts",
       "b48bd16eb9fc"},
      {"head whose claim failed",
       revision.claim_failure == ClaimFailure::kWaits ? "waits for a successor"
                                                      : "is done if the tail swap works, else waits",
       ""},
      {"waiter that is told to leave",
       revision.told_to_leave == ToldToLeave::kLeaves ? "leaves"
                                                      : "takes the lock if it is free, and returns the error",
       ""},
  }};
}

}  // namespace locks

#endif  // LOCK_SWITCH_SETTINGS_H_
