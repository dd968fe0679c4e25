// The entry points of a lock that has no wrappers of its own: preemption and interrupts around its acquire and
// release, in the order of section 9 of the description.
#ifndef LOCK_SPIN_ENTRY_POINTS_H_
#define LOCK_SPIN_ENTRY_POINTS_H_

#include "lock/lock_type.h"
#include "lock/services.h"

namespace locks {

template <typename Lock>
int spin_lock(void* lock) {
  kernel::preempt_disable();
  const int error = static_cast<Lock*>(lock)->acquire();
  if (error != 0) kernel::preempt_enable();
  return error;
}

template <typename Lock>
void spin_unlock(void* lock) {
  static_cast<Lock*>(lock)->release();
  kernel::preempt_enable();
}

template <typename Lock>
int spin_lock_irqsave(void* lock, unsigned long* flags) {
  *flags = kernel::local_irq_save();
  kernel::preempt_disable();
  const int error = static_cast<Lock*>(lock)->acquire();
  if (error != 0) {
    kernel::local_irq_restore(*flags);
    kernel::preempt_enable();
  }
  return error;
}

template <typename Lock>
void spin_unlock_irqrestore(void* lock, unsigned long flags) {
  static_cast<Lock*>(lock)->release();
  kernel::local_irq_restore(flags);
  kernel::preempt_enable();
}

// `Lock` has `int acquire()`, which returns 0 or a negative errno, and `void release()`; both are called with
// preemption disabled. BPF programs get the plain forms.
template <typename Lock>
constexpr EntryPoints spin_entry_points() {
  return {
      .raw_acquire = spin_lock<Lock>,
      .raw_release = spin_unlock<Lock>,
      .irqsave_acquire = spin_lock_irqsave<Lock>,
      .irqsave_release = spin_unlock_irqrestore<Lock>,
      .bpf_acquire = spin_lock<Lock>,
      .bpf_release = spin_unlock<Lock>,
      .bpf_irqsave_acquire = spin_lock_irqsave<Lock>,
      .bpf_irqsave_release = spin_unlock_irqrestore<Lock>,
  };
}

}  // namespace locks

#endif  // LOCK_SPIN_ENTRY_POINTS_H_
