// The arena spinlock of the BPF selftests: a queued lock in memory that the program owns. Each of its loops has a
// budget of turns, because a program must be seen to end. When the budget of a wait is spent the call returns
// -ETIMEDOUT and repairs nothing.
//
// Section and step numbers are those of the lock's description, sections 5 and 11. The main path is acquire() ->
// slowpath(), and from there queue() -> wait_in_queue() unless the caller is the only waiter.
#ifndef LOCK_ARENA_SPINLOCK_H_
#define LOCK_ARENA_SPINLOCK_H_

#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"
#include "lock/queue_node.h"

namespace locks {

// Turns of a loop before it gives up, scaled down for simulation.
inline constexpr std::uint32_t kArenaSpinBudget = 64;
// CPUs that have queue nodes.
inline constexpr unsigned kArenaCpusMax = 1024;

// Purpose: mutual exclusion that gives up after a while. All zero when free.
//
// Invariants:
//  1. No call runs for more than a few budgets of turns.
//  2. Until the first -ETIMEDOUT at most one caller owns the lock. After it pending may stay set, the tail and the
//     predecessor may name a node that its owner has left and uses again, and the lock may stay locked with no
//     owner: nothing else is promised then, nor of other locks whose waiters use the same nodes.
//
// Called with preemption disabled, strictly nested. Returns 0, -ETIMEDOUT, -EBUSY (more than four levels) or
// -EOPNOTSUPP (a CPU without nodes).
class ArenaSpinlock {
 public:
  [[nodiscard]] int acquire();
  void release() { word_.unlock(); }

 private:
  static constexpr Build kBuild = kBuilds[0].build;
  using Word = LockWord<kBuild>;
  static constexpr WordLayout kLayout = Word::kLayout;
  static_assert(kBuild.layout == Layout::kSmall);

  // `value`: the word that the fast path found.
  [[nodiscard]] int slowpath(std::uint32_t value);
  [[nodiscard]] int queue();
  [[nodiscard]] int wait_in_queue(QueueNode& node, unsigned index);
  // Both return the old word, and do so after the budget too, as if they had succeeded.
  [[nodiscard]] std::uint32_t fetch_set_pending_acquire();
  [[nodiscard]] std::uint32_t xchg_tail(std::uint32_t tail);

  Word word_;
};

}  // namespace locks

// The one symbol that arena_spinlock.cc exports.
extern "C" const locks::EntryPoints locks_arena_spinlock_entry_points;

#endif  // LOCK_ARENA_SPINLOCK_H_
