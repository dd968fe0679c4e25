// The test-and-set lock: what a virtual machine uses where a fair lock does badly, because the host may preempt the
// next waiter in line.
#ifndef LOCK_VIRT_SPIN_LOCK_H_
#define LOCK_VIRT_SPIN_LOCK_H_

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"

namespace locks {

// Purpose: mutual exclusion in no order. The word is 1 while somebody owns it, and 0 otherwise.
//
// Called from any context with preemption disabled. It never fails: a caller that already holds the lock waits for
// ever.
class VirtSpinLock {
 public:
  static constexpr WordLayout kLayout = {.locked_mask = 0xff};

  [[nodiscard]] int acquire();
  void release() { word_.unlock(); }

 private:
  LockWord<kBuilds[0].build> word_;
};

}  // namespace locks

// The one symbol that virt_spin_lock.cc exports.
extern "C" const locks::EntryPoints locks_virt_spin_lock_entry_points;

#endif  // LOCK_VIRT_SPIN_LOCK_H_
