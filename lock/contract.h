// What the resilient queued spinlock promises (section 10 of the description). The figures are stated here on
// their own, not taken from the lock's code: a lock that changes them breaks its promise.
#ifndef LOCK_CONTRACT_H_
#define LOCK_CONTRACT_H_

#include "lock/lock_type.h"
#include "lock/revision.h"

namespace locks {

constexpr Contract rqspinlock_contract(const Revision& revision) {
  return {
      .may_fail = true,
      .detects_aa = true,
      .detects_abba = true,
      .fifo = true,
      .usable_in_nmi = true,
      .recovers_after_timeout = true,
      .pending_limit_ns = 250'000'000,
      .head_limit_ns = 500'000'000,
      .test_and_set_limit_ns = 1'000'000'000,
      .trylock_limit_ns = revision.trylock_fallback == TrylockFallback::kSpins ? 250'000'000u : 0u,
      .check_interval_ns = 1'000'000,
      .held_locks_max = 31,
  };
}

}  // namespace locks

#endif  // LOCK_CONTRACT_H_
