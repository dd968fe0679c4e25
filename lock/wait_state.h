// The clock and the deadlock checks of one wait (section 6 of the description).
#ifndef LOCK_WAIT_STATE_H_
#define LOCK_WAIT_STATE_H_

#include <cerrno>
#include <cstdint>

#include "lock/deadlock.h"
#include "lock/held_locks.h"
#include "lock/lock_word.h"
#include "lock/revision.h"
#include "lock/services.h"

namespace locks {

inline constexpr std::uint64_t kNsPerMs = 1'000'000;
inline constexpr std::uint64_t kDefaultTimeout_ns = 250 * kNsPerMs;  // RES_DEF_TIMEOUT
inline constexpr std::uint64_t kHeadTimeout_ns = 2 * kDefaultTimeout_ns;
inline constexpr std::uint64_t kTestAndSetTimeout_ns = 1'000 * kNsPerMs;
inline constexpr std::uint64_t kCheckInterval_ns = 1 * kNsPerMs;

// Purpose: bounds one wait of one acquisition.
//
// Invariants:
//  1. `deadline_ns_` is 0 until the first check has started the clock.
//  2. The first consultation of a wait acts, and then each spins_per_check-th.
//
// An acquisition has one wait with a clock at most, so each wait makes a state of its own. Lives on the stack of
// the waiter; nobody else sees it.
template <Revision kRevision, Build kBuild>
class WaitState {
 public:
  // `own`: the table of this CPU. `mask`: the bits of the word that the caller waits for to clear.
  WaitState(const HeldLocks& own, const LockWord<kBuild>& word, std::uint32_t mask, std::uint64_t duration_ns)
      : own_(own), word_(word), mask_(mask), duration_ns_(duration_ns) {}

  // Consulted in each turn of the wait loop, after its condition was found not to hold. 0: go on. -EDEADLK or
  // -ETIMEDOUT: leave with this error, without another look at the lock.
  [[nodiscard, gnu::always_inline]] int check() {
    return spin_++ % kBuild.spins_per_check == 0 ? check_timeout() : 0;
  }

 private:
  static_assert(65'536 % kBuild.spins_per_check == 0, "spin_ wraps at 65,536");

  [[nodiscard, gnu::always_inline]] int check_timeout() {
    if (deadline_ns_ == 0) {
      if constexpr (kRevision.aa_check == AaCheck::kAtStart) {
        if (check_deadlock_AA(own_, &word_)) return -EDEADLK;
      }
      last_check_ns_ = kernel::ktime_get_mono_fast_ns();
      deadline_ns_ = last_check_ns_ + duration_ns_;
      return 0;
    }
    const std::uint64_t now_ns = kernel::ktime_get_mono_fast_ns();
    if (now_ns > deadline_ns_) return -ETIMEDOUT;
    if (now_ns - last_check_ns_ <= kCheckInterval_ns) return 0;
    last_check_ns_ = now_ns;
    if constexpr (kRevision.aa_check == AaCheck::kEachInterval) {
      if (check_deadlock_AA(own_, &word_)) return -EDEADLK;
    }
    return check_deadlock_ABBA(own_, word_, mask_) ? -EDEADLK : 0;
  }

  const HeldLocks& own_;
  const LockWord<kBuild>& word_;
  const std::uint32_t mask_;
  const std::uint64_t duration_ns_;
  std::uint64_t deadline_ns_ = 0;
  std::uint64_t last_check_ns_ = 0;
  std::uint16_t spin_ = 0;
};

}  // namespace locks

#endif  // LOCK_WAIT_STATE_H_
