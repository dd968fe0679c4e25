// The plain queued spinlock: the resilient one without table, clock and errors. It never fails, so a deadlock hangs
// it.
//
// Section and step numbers are those of the lock's description. The main path is acquire() -> slowpath(), and from
// there queue() -> wait_in_queue() unless the caller is the only waiter.
#ifndef LOCK_QSPINLOCK_H_
#define LOCK_QSPINLOCK_H_

#include <array>
#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"
#include "lock/queue_node.h"

namespace locks {

// Purpose: mutual exclusion in the order of arrival. All zero when free.
//
// Invariants:
//  1. At most one caller owns the lock.
//  2. At most one waiter has set pending; everybody else spins on a queue node of its own.
//
// Called from any context with preemption disabled, strictly nested. A lock that is ever taken in a softirq or
// hardirq is taken with interrupts off everywhere, and no lock is taken both in an NMI and below one.
template <Build kBuild>
class Qspinlock {
 public:
  [[nodiscard]] int acquire() {
    std::uint32_t value = 0;
    if (!word_.try_cmpxchg_acquire(value, kLockedValue)) [[unlikely]] slowpath(value);
    return 0;
  }
  void release() { word_.unlock(); }

 private:
  using Word = LockWord<kBuild>;
  static constexpr WordLayout kLayout = Word::kLayout;

  // `value`: the word that the fast path found.
  void slowpath(std::uint32_t value);
  void queue();
  void wait_in_queue(QueueNode& node, unsigned index);

  Word word_;
};

}  // namespace locks

// Indexed like kBuilds. The one symbol that qspinlock.cc exports.
extern "C" const std::array<locks::EntryPoints, locks::kBuildCount> locks_qspinlock_entry_points;

#endif  // LOCK_QSPINLOCK_H_
