// The two barriers that the locks use besides the orders of their accesses.
#ifndef LOCK_BARRIER_H_
#define LOCK_BARRIER_H_

namespace locks {

// Keeps the compiler from moving accesses across: enough between a context and what interrupts it.
[[gnu::always_inline]] inline void barrier() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

// Orders the stores before it ahead of the stores after it, for other CPUs (smp_wmb).
[[gnu::always_inline]] inline void write_barrier() { __atomic_thread_fence(__ATOMIC_RELEASE); }

}  // namespace locks

#endif  // LOCK_BARRIER_H_
