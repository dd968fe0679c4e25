// What the resilient queued spinlock keeps for each CPU.
#ifndef LOCK_PER_CPU_H_
#define LOCK_PER_CPU_H_

#include "lock/held_locks.h"
#include "lock/queue_node.h"
#include "lock/services.h"

namespace locks {

struct PerCpu {
  HeldLocks held;
  QueueNode nodes[kNodesPerCpu];
};
static_assert(sizeof(PerCpu) <= kernel::kPerCpuBytes);

inline PerCpu& per_cpu(unsigned cpu) { return *static_cast<PerCpu*>(kernel::per_cpu_ptr(cpu)); }

// REQUIRES: preemption is disabled.
inline PerCpu& this_cpu() { return per_cpu(kernel::smp_processor_id()); }

}  // namespace locks

#endif  // LOCK_PER_CPU_H_
