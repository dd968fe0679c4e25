// What a lock needs from the kernel around it. The locks in this folder call these functions and nothing
// else; whoever links a lock provides them (real threads in lock/native/, a pretend machine for testing).
//
// Facts from: section 9 of the lock's description (preemption, interrupts), section 11 (halt and kick), sections 2
// and 5 - 7 (the rest).
#ifndef LOCK_SERVICES_H_
#define LOCK_SERVICES_H_

#include <cstdint>

namespace kernel {

// Upper bound on `nr_cpu_ids()` for every provider.
inline constexpr unsigned kMaxCpus = 256;
// Bytes of per-CPU data a provider reserves for each CPU. Aligned to its size, zero at start-up.
inline constexpr unsigned kPerCpuBytes = 1024;
// Bytes of the area that all CPUs share, for locks with global data of their own. Aligned to a cache line, zero at
// start-up.
inline constexpr unsigned kSharedBytes = 16'384;

// Index of the CPU that runs the caller, in [0, nr_cpu_ids()). Stable while preemption is disabled.
unsigned smp_processor_id();
// How many CPUs there can be.
unsigned nr_cpu_ids();
// First byte of the per-CPU data of `cpu`.
void* per_cpu_ptr(unsigned cpu);

// First byte of the area that all CPUs share.
void* shared_area();

// Monotonic time in nanoseconds; safe in NMI.
std::uint64_t ktime_get_mono_fast_ns();
// Hint that the caller spins.
void cpu_relax();

// Whether the caller runs in an NMI, programs nested in it included.
bool in_nmi();
void preempt_disable();
// Enables preemption; if it becomes enabled with interrupts on and a reschedule is due, schedules.
void preempt_enable();
// Disables interrupts and returns the flags to give back to local_irq_restore().
unsigned long local_irq_save();
void local_irq_restore(unsigned long flags);

// True on a virtual machine without paravirtual spinlocks: locks take their test-and-set path.
bool resilient_virt_spin_lock_enabled();

// For guests whose host can put a CPU to sleep (section 11 of the description). pv_wait() halts this CPU while
// `*byte` is `value`, until it is kicked or an interrupt has run on it; it returns at once if the byte differs or a
// kick has come since the last halt. It may return for no reason.
void pv_wait(const std::uint8_t* byte, std::uint8_t value);
void pv_kick(unsigned cpu);
// Whether the host has taken `cpu` away.
bool vcpu_is_preempted(unsigned cpu);

// Tracepoints. A program attached to one runs here, on this CPU, and may take locks itself.
void trace_contention_begin(const void* lock);
// `error`: 0 or the negative errno that the acquire is going to return.
void trace_contention_end(const void* lock, int error);

// What a BPF entry point writes to the program's log when an acquire fails (section 12 of the description).
struct ViolationReport {
  int error;                 // the negative errno that the program gets
  const void* lock;          // the lock that was attempted
  int held_count;            // locks held by this CPU, the attempt no longer among them
  const void* const* held;   // min(held_count, 31) slots, the oldest first
};
void report_violation(const ViolationReport& report);

}  // namespace kernel

#endif  // LOCK_SERVICES_H_
