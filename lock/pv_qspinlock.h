// The paravirtual queued spinlock: for guests whose host can put a virtual CPU to sleep. A waiter that has spun long
// enough halts, and the release kicks the queue head. Newcomers may steal the lock until the head sets pending.
//
// Step numbers are those of the lock's description. The main path is acquire() -> queue() -> wait_in_queue() ->
// wait_for_hand_over() and wait_as_head().
#ifndef LOCK_PV_QSPINLOCK_H_
#define LOCK_PV_QSPINLOCK_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"
#include "lock/pv_lock_table.h"

namespace locks {

// Purpose: mutual exclusion, in no strict order. All zero when free.
//
// Invariants:
//  1. At most one caller owns the lock.
//  2. Only the queue head sets pending, and nobody steals the lock while it is set.
//  3. The locked byte is 3 only while the lock has a note in the table; then its release kicks the noted waiter.
//
// Called from any context with preemption disabled, strictly nested. A lock that is ever taken in a softirq or
// hardirq is taken with interrupts off everywhere, and no lock is taken both in an NMI and below one.
template <Build kBuild>
class PvQspinlock {
 public:
  [[nodiscard]] int acquire() {
    std::uint32_t value = 0;
    if (!word_.try_cmpxchg_acquire(value, kLockedValue)) [[unlikely]] queue();
    return 0;
  }
  void release() {
    if (!word_.try_unlock()) [[unlikely]] unlock_slowpath();
  }

 private:
  using Word = LockWord<kBuild>;
  static constexpr WordLayout kLayout = Word::kLayout;

  void queue();
  void wait_in_queue(PvNode& node, unsigned index);
  // Waits to be made the head. `previous` is the waiter ahead, on `previous_cpu`.
  void wait_for_hand_over(PvNode& node, const PvNode& previous, unsigned previous_cpu);
  // Waits as the head until the lock is taken.
  void wait_as_head(PvNode& node);
  void hand_over(PvNode& next);
  void unlock_slowpath();

  Word word_;
};

// The builds that make a difference, as indices into kBuilds: without a pending path of newcomers, "x86" is "generic"
// with more spinning.
inline constexpr std::array<std::size_t, 3> kPvBuilds = {0, 2, 3};
static_assert(kBuilds[0].name == "generic" && kBuilds[2].name == "x86-full" && kBuilds[3].name == "large");

}  // namespace locks

// Indexed like kPvBuilds. The one symbol that pv_qspinlock.cc exports.
extern "C" const std::array<locks::EntryPoints, locks::kPvBuilds.size()> locks_pv_qspinlock_entry_points;

#endif  // LOCK_PV_QSPINLOCK_H_
