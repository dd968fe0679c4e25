// A kernel for the tests of the locks: one thread, a clock that the test sets, a log of what the lock asks for.
#ifndef LOCK_FAKE_KERNEL_H_
#define LOCK_FAKE_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lock/services.h"

namespace kernel {

// Purpose: provides the services of services.h to one test.
//
// Invariants:
//  1. At most one exists at a time; the services serve that one.
//  2. Nothing runs concurrently. The callbacks play the other CPUs: they write what those would write.
//
// Created and used by a test on its own thread.
class FakeKernel {
 public:
  static constexpr unsigned kCpus = 4;

  FakeKernel();
  ~FakeKernel();
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;

  unsigned cpu = 0;
  std::uint64_t now_ns = 1'000;
  std::uint64_t relax_ns = 0;  // added to the clock by each cpu_relax()
  std::uint64_t relaxes = 0;
  bool nmi = false;
  bool virtual_machine = false;
  std::function<void()> on_relax;
  std::function<void()> on_slow_path;  // when it asks whether this is a virtual machine
  unsigned preempted_cpu = kCpus;      // that the host has taken away; kCpus: none
  std::function<void()> on_halt;       // when a CPU sleeps
  std::function<void()> on_contention_begin;
  std::function<void()> on_contention_end;

  // Services that have an order, in the order of the calls; see the .cc file for their words.
  std::vector<std::string> calls;
  // Of the last report.
  ViolationReport report = {};
  std::vector<const void*> reported_locks;

  // Whether all per-CPU data of all CPUs is zero.
  bool per_cpu_data_is_zero() const;
  // Whether the area that all CPUs share is zero.
  bool shared_area_is_zero() const;

 private:
  friend void* per_cpu_ptr(unsigned cpu);
  friend void* shared_area();
  struct alignas(kPerCpuBytes) PerCpuData {
    std::array<std::byte, kPerCpuBytes> bytes;
  };
  std::array<PerCpuData, kCpus> per_cpu_ = {};
  alignas(64) std::array<std::byte, kSharedBytes> shared_ = {};
};

}  // namespace kernel

#endif  // LOCK_FAKE_KERNEL_H_
