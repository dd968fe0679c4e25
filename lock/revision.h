// The revisions of the resilient queued spinlock, as data: a revision is a row of switches, not a copy of the
// lock. The lock reads the switches at compile time.
#ifndef LOCK_REVISION_H_
#define LOCK_REVISION_H_

#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>

namespace locks {

// When an acquire makes its entry in the held-lock table.
enum class EntryGrab {
  kAfterTaking,  // after the fast path's CAS succeeded, after pending is set, or on the way into the queue
  kBeforeCas,    // before the fast path's CAS
};

// What a release does first.
enum class UnlockOrder { kSlotFirst, kStoreFirst };

// When a wait with a clock looks for AA.
enum class AaCheck {
  kEachInterval,  // every millisecond, from the first one on, before ABBA
  kAtStart,       // once, before the clock starts
};

// Whether an NMI in the queue path may use a queue node.
enum class NmiQueueing {
  kAlways,
  kNever,
  kFirstNode,  // only if it interrupted no waiter of this CPU that has a node
};

// What becomes of an acquire that gets no queue node.
enum class TrylockFallback {
  kSpins,  // for 250 ms
  kOnce,   // then -EDEADLK
};

// What the queue head does when its wait ends with -EDEADLK.
enum class HeadDeadlock {
  kDestroys,   // the queue, as after a timeout
  kHandsOver,  // waits for a successor, whether there is one or not
  kSwapsTail,  // leaves if nobody is behind, hands over otherwise
};

// What a queue head does when its claiming CAS has failed and it has seen no successor.
enum class ClaimFailure {
  kWaits,        // for a successor: only one that queues can have made the CAS fail
  kLooksBehind,  // is done if nobody is behind it: a pending bit that was set and undone made the CAS fail
};

// What a waiter does that its wait state tells to leave.
enum class ToldToLeave {
  kLeaves,
  kLooksAgain,  // takes the lock if it has become free, and returns the error all the same
};

// What the raw `_irqsave` release, and a raw `_irqsave` acquire that fails, restore first. The BPF twins
// restore interrupts first in every revision.
enum class RestoreOrder { kPreemptionFirst, kInterruptsFirst };

// The switches. Each names the upstream commit that changed it.
struct Revision {
  EntryGrab entry_grab;              // beb7021a6003
  UnlockOrder unlock_order;          // beb7021a6003
  AaCheck aa_check;                  // 5860f5ce479f
  bool aa_check_before_queueing;     // 087849cca31d
  NmiQueueing nmi_queueing;          // 0d80e7f951be; then 81d5a6a43859 with 30dc2f7025fe
  TrylockFallback trylock_fallback;  // 81d5a6a43859 with 30dc2f7025fe
  bool runs_programs_at_any_step;    // 6.17: programs can no longer be attached inside the lock's functions
  HeadDeadlock head_deadlock;        // 7bd6e5ce5be6; then 7a3c0289c3c8
  int destroyed_error;               // "Adjust return value for queue destruction", 6.19
  bool test_and_set_grabs_entry;     // 82f3b142c99c
  RestoreOrder restore_order;        // b48bd16eb9fc
  ClaimFailure claim_failure;        // proposed here: corpus/discoveries/refused-after-pending.rqs
  ToldToLeave told_to_leave;         // posted, never merged: wait loops converted to a clock interface
};

struct RevisionRow {
  std::string_view name;
  Revision revision;
};

// Every revision, oldest first; before them what is proposed here, and what was posted and never merged. The next
// release is one row more.
// clang-format off
inline constexpr auto kRevisions = [] {
  using enum EntryGrab;
  using enum UnlockOrder;
  using enum AaCheck;
  using enum NmiQueueing;
  using enum TrylockFallback;
  using enum HeadDeadlock;
  using enum RestoreOrder;
  using enum ClaimFailure;
  using enum ToldToLeave;
  constexpr bool yes = true;
  constexpr bool no = false;
  return std::to_array<RevisionRow>({
    // name
    //  entry grabbed  unlock       AA check        before queue  NMI queues  without a node
    //  any step  head sees -EDEADLK  destroyed   test-and-set entry  restored          claim fails   told to leave
    // linux-7.2 but for one switch
    {"proposed",
      {kBeforeCas,     kStoreFirst, kAtStart,       yes,          kFirstNode, kOnce,
       no,        kSwapsTail,         -ETIMEDOUT, no,                 kInterruptsFirst, kLooksBehind, kLeaves}},
    {"posted-wait-conversion",
      {kBeforeCas,     kStoreFirst, kAtStart,       yes,          kFirstNode, kOnce,
       no,        kSwapsTail,         -ETIMEDOUT, no,                 kInterruptsFirst, kWaits,       kLooksAgain}},
    {"linux-6.15",
      {kAfterTaking,   kSlotFirst,  kEachInterval,  no,           kAlways,    kSpins,
       yes,       kDestroys,          -EDEADLK,   yes,                kPreemptionFirst, kWaits,       kLeaves}},
    {"linux-6.17",
      {kAfterTaking,   kSlotFirst,  kEachInterval,  no,           kNever,     kSpins,
       no,        kDestroys,          -EDEADLK,   yes,                kPreemptionFirst, kWaits,       kLeaves}},
    {"linux-6.18-stable",
      {kBeforeCas,     kStoreFirst, kEachInterval,  no,           kFirstNode, kSpins,
       no,        kDestroys,          -EDEADLK,   yes,                kPreemptionFirst, kWaits,       kLeaves}},
    {"linux-6.19",
      {kBeforeCas,     kStoreFirst, kAtStart,       yes,          kFirstNode, kOnce,
       no,        kHandsOver,         -ETIMEDOUT, yes,                kPreemptionFirst, kWaits,       kLeaves}},
    {"linux-7.0",
      {kBeforeCas,     kStoreFirst, kAtStart,       yes,          kFirstNode, kOnce,
       no,        kHandsOver,         -ETIMEDOUT, no,                 kPreemptionFirst, kWaits,       kLeaves}},
    {"linux-7.2",
      {kBeforeCas,     kStoreFirst, kAtStart,       yes,          kFirstNode, kOnce,
       no,        kSwapsTail,         -ETIMEDOUT, no,                 kInterruptsFirst, kWaits,       kLeaves}},
  });
}();
// clang-format on

inline constexpr std::size_t kRevisionCount = kRevisions.size();

}  // namespace locks

#endif  // LOCK_REVISION_H_
