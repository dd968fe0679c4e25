#include "lock/virt_spin_lock.h"

#include "lock/services.h"
#include "lock/spin_entry_points.h"

namespace locks {

int VirtSpinLock::acquire() {
  while (word_.load_relaxed() != 0 || !word_.try_cmpxchg_fully_ordered(0, kLockedValue)) kernel::cpu_relax();
  return 0;
}

}  // namespace locks

constinit const locks::EntryPoints locks_virt_spin_lock_entry_points =
    locks::spin_entry_points<locks::VirtSpinLock>();
