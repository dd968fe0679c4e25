// The queue node of a waiter (sections 2 and 3 of the description).
#ifndef LOCK_QUEUE_NODE_H_
#define LOCK_QUEUE_NODE_H_

#include "lock/services.h"

namespace locks {

inline constexpr unsigned kNodesPerCpu = 4;  // _Q_MAX_NODES: task, softirq, hardirq, NMI

// What `QueueNode::locked` can be besides 0.
inline constexpr int kHandedOver = 1;
inline constexpr int kQueueDestroyed = 2;  // RES_TIMEOUT_VAL

// Purpose: one waiter's place in a queue, addressed by (CPU, index).
//
// Invariants:
//  1. `next` is written once by the successor, `locked` once by the predecessor, after init().
//  2. Nobody but its CPU touches a node that is not in a queue.
//  3. `count` is used in node 0 alone: how many of this CPU's nodes are in use. It is private to the CPU.
//
// The members say who calls them.
struct QueueNode {
  QueueNode* next;
  int locked;
  int count;

  // Owner, before it queues.
  void init() {
    __atomic_store_n(&locked, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&next, nullptr, __ATOMIC_RELAXED);
  }

  // Owner: the successor, or nullptr if it has not linked itself yet.
  QueueNode* load_next() const { return __atomic_load_n(&next, __ATOMIC_RELAXED); }

  // Owner: the successor. REQUIRES: one has exchanged the tail.
  [[nodiscard]] QueueNode& wait_for_next() const {
    for (;;) {
      if (QueueNode* successor = load_next()) return *successor;
      kernel::cpu_relax();
    }
  }

  // Owner: 0, or what the predecessor has written.
  [[nodiscard]] int load_locked_acquire() const { return __atomic_load_n(&locked, __ATOMIC_ACQUIRE); }

  // Owner: waits for the predecessor. Returns kHandedOver or kQueueDestroyed.
  [[nodiscard]] int wait_for_hand_over() const {
    for (;;) {
      if (const int value = load_locked_acquire(); value != 0) return value;
      kernel::cpu_relax();
    }
  }

  // Successor, to its predecessor's node.
  void link(QueueNode& successor) { __atomic_store_n(&next, &successor, __ATOMIC_RELAXED); }

  // Predecessor, to its successor's node.
  void hand_over() { __atomic_store_n(&locked, kHandedOver, __ATOMIC_RELEASE); }
  void mark_destroyed() { __atomic_store_n(&locked, kQueueDestroyed, __ATOMIC_RELAXED); }
};

// What a queued lock without a held-lock table keeps for each CPU.
struct QueueNodes {
  QueueNode nodes[kNodesPerCpu];
};
static_assert(sizeof(QueueNodes) <= kernel::kPerCpuBytes);

inline QueueNode* queue_nodes(unsigned cpu) {
  return static_cast<QueueNodes*>(kernel::per_cpu_ptr(cpu))->nodes;
}

}  // namespace locks

#endif  // LOCK_QUEUE_NODE_H_
