// The resilient queued spinlock for ordinary programs: real threads, the constants of the kernel, the newest
// revision.
//
//   locks::native::RegisteredThread registered;        // once in each thread
//   if (const int error = lock.lock(); error != 0) return error;
//   ...
//   lock.unlock();
#ifndef LOCK_NATIVE_RESILIENT_SPIN_LOCK_H_
#define LOCK_NATIVE_RESILIENT_SPIN_LOCK_H_

#include "lock/native/threads.h"
#include "lock/rqspinlock.h"

namespace locks::native {

// Where linux-7.2 and x86-full stand in the tables. Errors of spelling end the build.
consteval std::size_t revision_index(std::string_view name) {
  for (std::size_t i = 0; i < kRevisionCount; ++i) {
    if (kRevisions[i].name == name) return i;
  }
  throw "no such revision";
}
consteval std::size_t build_index(std::string_view name) {
  for (std::size_t i = 0; i < kBuildCount; ++i) {
    if (kBuilds[i].name == name) return i;
  }
  throw "no such build";
}

// Purpose: mutual exclusion that never waits for ever. It takes the lock, or gives up with an error.
//
// Invariants: those of Rqspinlock (rqspinlock.h).
//
// Called from registered threads and, in an NmiScope, from their signal handlers, strictly nested: the lock taken
// last is released first.
class ResilientSpinLock {
 public:
  constexpr ResilientSpinLock() = default;
  ResilientSpinLock(const ResilientSpinLock&) = delete;
  ResilientSpinLock& operator=(const ResilientSpinLock&) = delete;

  // 0; -EDEADLK: this thread holds the lock already, or holds what the lock's owner waits for; -ETIMEDOUT: it waited
  // for longer than 250 ms as the first waiter or 500 ms as the head of the queue, or so did the head of its queue.
  [[nodiscard]] int lock() { return entry_points().raw_acquire(&word_); }
  // REQUIRES: lock() returned 0 to this thread, and this is the last lock that it took.
  void unlock() { entry_points().raw_release(&word_); }

 private:
  static const EntryPoints& entry_points() {
    return locks_rqspinlock_entry_points[revision_index("linux-7.2")][build_index("x86-full")];
  }

  alignas(4) unsigned char word_[4] = {};
};
static_assert(sizeof(Rqspinlock<kRevisions[0].revision, kBuilds[0].build>) == sizeof(ResilientSpinLock));

}  // namespace locks::native

#endif  // LOCK_NATIVE_RESILIENT_SPIN_LOCK_H_
