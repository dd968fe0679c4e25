// The held-lock table of a CPU (sections 2 and 4 of the description).
#ifndef LOCK_HELD_LOCKS_H_
#define LOCK_HELD_LOCKS_H_

#include "lock/barrier.h"

namespace locks {

inline constexpr int kHeldLocksMax = 31;  // RES_NR_HELD

// Purpose: the locks that one CPU holds or is trying to take, the newest on top.
//
// Invariants:
//  1. Only its CPU writes to it; contexts nest, and one that interrupts another puts `cnt` back.
//  2. Slot cnt - 1 is the top. Locks beyond kHeldLocksMax are counted and have no slot.
//
// Writers run on the CPU of the table with preemption disabled; other CPUs read it without any lock.
struct HeldLocks {
  int cnt;
  const void* slots[kHeldLocksMax];

  int load_cnt() const { return __atomic_load_n(&cnt, __ATOMIC_RELAXED); }
  const void* load_slot(int index) const { return __atomic_load_n(&slots[index], __ATOMIC_RELAXED); }

  // Enters `lock` on top.
  void grab_held_lock_entry(const void* lock) {
    const int top = load_cnt();
    __atomic_store_n(&cnt, top + 1, __ATOMIC_RELAXED);
    barrier();  // The other way round an interrupt in between would overwrite the slot.
    if (top < kHeldLocksMax) __atomic_store_n(&slots[top], lock, __ATOMIC_RELAXED);
    barrier();  // An interrupt from here on finds the entry.
  }

  // Takes the top entry back, after a failure. REQUIRES: cnt > 0.
  void release_held_lock_entry() {
    clear_top_slot();
    write_barrier();  // A later entry must not be visible before the slot is cleared.
    drop_top();
  }

  // The two halves of a release. REQUIRES: cnt > 0.
  void clear_top_slot() {
    const int top = load_cnt() - 1;
    if (top < kHeldLocksMax) __atomic_store_n(&slots[top], nullptr, __ATOMIC_RELAXED);
  }
  void drop_top() { __atomic_store_n(&cnt, load_cnt() - 1, __ATOMIC_RELAXED); }

  // Whether a slot below the top names `lock`. Called on the CPU of the table.
  [[nodiscard]] bool names_below_top(const void* lock) const {
    const int count = load_cnt();
    const int top = (count < kHeldLocksMax ? count : kHeldLocksMax) - 1;
    for (int i = 0; i < top; ++i) {
      if (load_slot(i) == lock) return true;
    }
    return false;
  }
};

}  // namespace locks

#endif  // LOCK_HELD_LOCKS_H_
