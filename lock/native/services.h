// The services of a kernel (lock/services.h) on real threads: each registered thread is a CPU. They are inline, so
// that the native build of the locks has them in its fast path: every file of that build is compiled with this
// header in front (CMakeLists.txt).
//
// What a thread cannot do: nobody can keep the host from preempting it, so preempt_disable() and local_irq_save() do
// nothing. A signal handler that takes a lock is an NMI, because it can come between any two instructions; it says so
// with NmiScope (threads.h).
#ifndef LOCK_NATIVE_SERVICES_H_
#define LOCK_NATIVE_SERVICES_H_

#include <time.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "lock/services.h"

namespace locks::native {

// What a thread knows of itself; read in signal handlers.
struct ThisThread {
  unsigned cpu = kernel::kMaxCpus;  // kMaxCpus: not registered
  unsigned nmi_depth = 0;
};
extern constinit thread_local ThisThread this_thread [[gnu::tls_model("initial-exec")]];

struct alignas(kernel::kPerCpuBytes) PerCpuBlock {
  std::byte bytes[kernel::kPerCpuBytes];
};
extern PerCpuBlock per_cpu_blocks[kernel::kMaxCpus];
extern std::atomic<unsigned> cpu_ids;  // one more than the highest slot that was ever taken
extern std::atomic<bool> virtual_machine;

// Ends the process with a message.
[[noreturn]] void thread_is_not_registered();

}  // namespace locks::native

namespace kernel {

inline unsigned smp_processor_id() {
  const unsigned cpu = locks::native::this_thread.cpu;
  if (cpu >= kMaxCpus) [[unlikely]]
    locks::native::thread_is_not_registered();
  return cpu;
}
inline unsigned nr_cpu_ids() { return locks::native::cpu_ids.load(std::memory_order_relaxed); }
inline void* per_cpu_ptr(unsigned cpu) { return &locks::native::per_cpu_blocks[cpu]; }

inline std::uint64_t ktime_get_mono_fast_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}
inline void cpu_relax() { __builtin_ia32_pause(); }

inline bool in_nmi() { return locks::native::this_thread.nmi_depth != 0; }
inline void preempt_disable() {}
inline void preempt_enable() {}
inline unsigned long local_irq_save() { return 0; }
inline void local_irq_restore(unsigned long) {}

inline bool resilient_virt_spin_lock_enabled() {
  return locks::native::virtual_machine.load(std::memory_order_relaxed);
}

// A thread cannot know whether another one runs.
inline bool vcpu_is_preempted(unsigned) { return false; }

inline void trace_contention_begin(const void*) {}
inline void trace_contention_end(const void*, int) {}
inline void report_violation(const ViolationReport&) {}

}  // namespace kernel

#endif  // LOCK_NATIVE_SERVICES_H_
