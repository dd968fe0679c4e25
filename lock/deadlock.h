// The two deadlock checks (section 6 of the description). Called by the CPU that waits.
#ifndef LOCK_DEADLOCK_H_
#define LOCK_DEADLOCK_H_

#include <cstdint>

#include "lock/lock_word.h"
#include "lock/per_cpu.h"
#include "lock/services.h"

namespace locks {

// Whether this CPU already holds, or attempts in an interrupted context, the lock that it now attempts.
[[nodiscard]] inline bool check_deadlock_AA(const HeldLocks& own, const void* lock) {
  return own.names_below_top(lock);
}

// Whether another CPU holds the lock at `word` and attempts one that this CPU holds. False as soon as no bit of
// `mask` is set in the word: the wait is over then. The reads are no snapshot.
template <Build kBuild>
[[nodiscard]] bool check_deadlock_ABBA(const HeldLocks& own, const LockWord<kBuild>& word, std::uint32_t mask) {
  const unsigned cpus = kernel::nr_cpu_ids();
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    const HeldLocks& other = per_cpu(cpu).held;
    const int count = other.load_cnt();
    if ((word.load_acquire() & mask) == 0) return false;
    if (&other == &own || count < 2 || count > kHeldLocksMax) continue;
    const void* attempted = other.load_slot(count - 1);
    if (attempted == nullptr) continue;
    for (int i = 0; i < count - 1; ++i) {
      // Only one CPU can own the lock, so the first that names it settles the scan.
      if (other.load_slot(i) == &word) return own.names_below_top(attempted);
    }
  }
  return false;
}

}  // namespace locks

#endif  // LOCK_DEADLOCK_H_
