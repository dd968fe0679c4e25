#include "lock/testing/fake_kernel.h"

#include <algorithm>
#include <cstdlib>

namespace kernel {
namespace {

FakeKernel* current = nullptr;
constexpr unsigned long kSavedFlags = 0x200;

}  // namespace

FakeKernel::FakeKernel() {
  if (current != nullptr) std::abort();
  current = this;
}

FakeKernel::~FakeKernel() { current = nullptr; }

bool FakeKernel::per_cpu_data_is_zero() const {
  return std::all_of(per_cpu_.begin(), per_cpu_.end(), [](const PerCpuData& data) {
    return std::all_of(data.bytes.begin(), data.bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
  });
}

bool FakeKernel::shared_area_is_zero() const {
  return std::all_of(shared_.begin(), shared_.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

unsigned smp_processor_id() { return current->cpu; }
unsigned nr_cpu_ids() { return FakeKernel::kCpus; }
void* per_cpu_ptr(unsigned cpu) { return &current->per_cpu_.at(cpu); }
void* shared_area() { return current->shared_.data(); }

void pv_wait(const std::uint8_t* byte, std::uint8_t value) {
  if (*byte != value) return;
  current->calls.push_back("halt");
  if (current->on_halt) current->on_halt();
}

void pv_kick(unsigned cpu) { current->calls.push_back("kick " + std::to_string(cpu)); }
bool vcpu_is_preempted(unsigned cpu) { return cpu == current->preempted_cpu; }

std::uint64_t ktime_get_mono_fast_ns() { return current->now_ns; }

void cpu_relax() {
  ++current->relaxes;
  current->now_ns += current->relax_ns;
  if (current->on_relax) current->on_relax();
}

bool in_nmi() { return current->nmi; }
void preempt_disable() { current->calls.push_back("preempt off"); }
void preempt_enable() { current->calls.push_back("preempt on"); }

unsigned long local_irq_save() {
  current->calls.push_back("irq save");
  return kSavedFlags;
}

void local_irq_restore(unsigned long flags) {
  current->calls.push_back(flags == kSavedFlags ? "irq restore" : "irq restore of other flags");
}

bool resilient_virt_spin_lock_enabled() {
  if (current->on_slow_path) current->on_slow_path();
  return current->virtual_machine;
}

void trace_contention_begin(const void*) {
  current->calls.push_back("contention begin");
  if (current->on_contention_begin) current->on_contention_begin();
}

void trace_contention_end(const void*, int error) {
  current->calls.push_back("contention end " + std::to_string(error));
  if (current->on_contention_end) current->on_contention_end();
}

void report_violation(const ViolationReport& report) {
  current->calls.push_back("report");
  current->report = report;
  current->reported_locks.assign(report.held, report.held + std::min(report.held_count, 31));
}

}  // namespace kernel
