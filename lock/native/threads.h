// Threads as CPUs: who uses a native lock registers each of its threads first.
#ifndef LOCK_NATIVE_THREADS_H_
#define LOCK_NATIVE_THREADS_H_

#include "lock/native/services.h"

namespace locks::native {

// Purpose: makes the calling thread a CPU for as long as this lives. Its per-CPU data is zero at the start.
//
// Invariants:
//  1. At most kernel::kMaxCpus (256) threads are registered at a time, a thread once at most.
//  2. A thread holds no lock when it registers and when this ends.
//
// Created and destroyed by the thread itself, outside signal handlers. Ends the process with a message if all slots
// are taken. Kinds of locks share the per-CPU data: all that a thread uses while it is registered are of one kind
// (rqspinlock of one or several revisions, or qspinlock, or ...).
class RegisteredThread {
 public:
  RegisteredThread();
  ~RegisteredThread();
  RegisteredThread(const RegisteredThread&) = delete;
  RegisteredThread& operator=(const RegisteredThread&) = delete;

  unsigned cpu() const { return this_thread.cpu; }
};

// Purpose: tells the locks that the caller is a signal handler. A lock taken in such a scope never waits for what the
// handler has interrupted. Created first thing in a handler that takes locks, on a registered thread.
class NmiScope {
 public:
  NmiScope() { ++this_thread.nmi_depth; }
  ~NmiScope() { --this_thread.nmi_depth; }
  NmiScope(const NmiScope&) = delete;
  NmiScope& operator=(const NmiScope&) = delete;
};

// Whether the locks take their path for virtual machines (test-and-set). Set while no lock is in use.
inline void use_virtual_machine_path(bool use) { virtual_machine.store(use, std::memory_order_relaxed); }

}  // namespace locks::native

#endif  // LOCK_NATIVE_THREADS_H_
