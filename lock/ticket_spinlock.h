// The ticket lock: the simplest correct fair lock. Callers take a number and wait until it is served.
#ifndef LOCK_TICKET_SPINLOCK_H_
#define LOCK_TICKET_SPINLOCK_H_

#include <cstdint>

#include "lock/lock_type.h"

namespace locks {

// Purpose: mutual exclusion in the order of arrival. All zero at the start.
//
// Invariants:
//  1. The low half of the word is the ticket that is served, the high half the one that the next caller gets; they
//     are equal when the lock is free.
//  2. Only the owner changes the ticket that is served.
//
// Called from any context with preemption disabled. It never fails: a caller that already holds the lock, or
// interrupts an attempt to take it, waits for ever.
class TicketSpinlock {
 public:
  static constexpr WordLayout kLayout = {.served_mask = 0xffff, .next_mask = 0xffff'0000};

  [[nodiscard]] int acquire();
  void release();

 private:
  using Half [[gnu::may_alias]] = std::uint16_t;
  Half* served() { return reinterpret_cast<Half*>(&word_); }

  std::uint32_t word_;
};

}  // namespace locks

// The one symbol that ticket_spinlock.cc exports.
extern "C" const locks::EntryPoints locks_ticket_spinlock_entry_points;

#endif  // LOCK_TICKET_SPINLOCK_H_
