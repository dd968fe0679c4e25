// What the locks promise (section 10 of the description for the resilient queued spinlock, section 11 for the
// others). The figures are stated here on their own, not taken from the locks' code: a lock that changes them breaks
// its promise.
//
// Demanded of every lock: at most one owner at any time; preemption and interrupts as they were; and, as long as the
// lock recovers, nothing left behind when everybody has finished and no access to a queue node whose owner has left.
//
// Locks that never fail wait for ever in a deadlock: that is their callers' fault, and so is an NMI that takes a lock
// which what it interrupted holds or attempts, where the lock is not usable in NMIs. Any other hang is the lock's.
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

// A lock that never fails. `fifo`: without stealing.
constexpr Contract waiting_contract(bool fifo) {
  return {
      .may_fail = false,
      .detects_aa = false,
      .detects_abba = false,
      .fifo = fifo,
      .usable_in_nmi = false,
      .recovers_after_timeout = true,  // there is none
  };
}

// The arena spinlock promises to return, and that -ETIMEDOUT means a spent budget. After a timeout it owes nothing
// but exclusion, which no lock may give up: where abandoned queue nodes make two owners, that is a finding.
constexpr Contract arena_spinlock_contract() {
  return {
      .may_fail = true,
      .detects_aa = false,
      .detects_abba = false,
      .fifo = true,
      .usable_in_nmi = false,
      .recovers_after_timeout = false,
      .spin_budget = 64,
  };
}

}  // namespace locks

#endif  // LOCK_CONTRACT_H_
