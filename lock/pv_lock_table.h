// The table in which a release finds the halted waiter that it must kick (section 11 of the description).
#ifndef LOCK_PV_LOCK_TABLE_H_
#define LOCK_PV_LOCK_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "lock/queue_node.h"
#include "lock/services.h"

namespace locks {

// What a paravirtual waiter is doing.
enum VcpuState : std::uint8_t {
  kRunning,
  kHalted,  // or about to
  kHashed,  // there is a note of it, or its predecessor is making one
};

// A queue node and what its waiter says of itself. `cpu` never changes once set.
struct PvNode {
  QueueNode mcs;
  int cpu;
  std::uint8_t state;
};

// Purpose: notes that name the halted queue head of a lock, for all locks and CPUs, in the shared area.
//
// Invariants:
//  1. A lock has one note at most: made by its queue head, or by the owner that made that waiter the head; taken out
//     by the release that finds the locked byte 3, or by the head itself if it got the lock after all.
//  2. Each waiter is named once at most, so there is always a free note.
//
// Called by any CPU at any time. A note is complete before the locked byte becomes 3.
class PvLockTable {
 public:
  struct Note {
    const void* lock;  // nullptr: free
    PvNode* node;
  };
  static constexpr std::size_t kNotes = kernel::kSharedBytes / sizeof(Note);
  static_assert(kNotes >= kernel::kMaxCpus * kNodesPerCpu);

  Note& enter(const void* lock, PvNode* node) {
    for (std::size_t i = first(lock);; i = (i + 1) % kNotes) {
      const void* free = nullptr;
      if (!__atomic_compare_exchange_n(&notes_[i].lock, &free, lock, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        continue;
      }
      __atomic_store_n(&notes_[i].node, node, __ATOMIC_RELAXED);
      return notes_[i];
    }
  }

  // Takes the note of `lock` out. REQUIRES: there is one.
  PvNode& take_out(const void* lock) {
    std::size_t i = first(lock);
    while (__atomic_load_n(&notes_[i].lock, __ATOMIC_RELAXED) != lock) i = (i + 1) % kNotes;
    PvNode* const node = __atomic_load_n(&notes_[i].node, __ATOMIC_RELAXED);
    remove(notes_[i]);
    return *node;
  }

  void remove(Note& note) { __atomic_store_n(&note.lock, nullptr, __ATOMIC_RELAXED); }

 private:
  // Where the search for a lock's note begins.
  static std::size_t first(const void* lock) {
    const std::uint64_t mixed = (reinterpret_cast<std::uintptr_t>(lock) >> 2) * 0x9E37'79B9'7F4A'7C15u;
    return static_cast<std::size_t>(mixed >> 32) % kNotes;
  }

  Note notes_[kNotes];
};
static_assert(sizeof(PvLockTable) <= kernel::kSharedBytes);

inline PvLockTable& pv_lock_table() { return *static_cast<PvLockTable*>(kernel::shared_area()); }

// What the paravirtual lock keeps for each CPU.
struct PvPerCpu {
  PvNode nodes[kNodesPerCpu];
};
static_assert(sizeof(PvPerCpu) <= kernel::kPerCpuBytes);

inline PvNode* pv_nodes(unsigned cpu) { return static_cast<PvPerCpu*>(kernel::per_cpu_ptr(cpu))->nodes; }

}  // namespace locks

#endif  // LOCK_PV_LOCK_TABLE_H_
