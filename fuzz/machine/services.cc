// The services of a kernel (lock/services.h) on the pretend machine. Those that take effect at a moment are
// scheduling points; those that only tell a CPU about itself are not.
#include "lock/services.h"

#include "fuzz/machine/machine.h"

namespace kernel {
namespace {

using rqfuzz::TheMachine;
using rqfuzz::TraceKind;

[[gnu::noinline]] void SlowService(const char* name, const void* code) {
  rqfuzz::SlowPoint();
  if (rqfuzz::hot.traced) TheMachine().TraceStep(TraceKind::kService, 0, 0, 0, 0, name, code);
}

// Inlined, so that the return address is that of the service which the lock calls.
[[gnu::always_inline]] inline void ServicePoint(const char* name) {
  if (rqfuzz::CountPoint()) [[unlikely]]
    SlowService(name, __builtin_return_address(0));
}

}  // namespace

unsigned smp_processor_id() { return rqfuzz::hot.cpu; }
unsigned nr_cpu_ids() { return TheMachine().cpu_count(); }

void* per_cpu_ptr(unsigned cpu) {
  const unsigned block = cpu < rqfuzz::kMachineCpusMax ? cpu : rqfuzz::kMachineCpusMax;
  return reinterpret_cast<void*>(rqfuzz::PerCpuAddress(block));
}

void* shared_area() { return reinterpret_cast<void*>(rqfuzz::SharedAddress()); }

void pv_wait(const std::uint8_t* byte, std::uint8_t value) {
  ServicePoint("pv_wait");
  TheMachine().Halt(byte, value);
}

void pv_kick(unsigned cpu) {
  ServicePoint("pv_kick");
  TheMachine().Kick(cpu);
}

bool vcpu_is_preempted(unsigned cpu) {
  ServicePoint("vcpu_is_preempted");
  return TheMachine().IsStolen(cpu);
}

std::uint64_t ktime_get_mono_fast_ns() {
  rqfuzz::Point();
  const std::uint64_t now_ns = TheMachine().ReadClock();
  if (rqfuzz::hot.traced) [[unlikely]] {
    TheMachine().TraceStep(TraceKind::kClock, 0, 0, now_ns, now_ns, nullptr, __builtin_return_address(0));
  }
  return now_ns;
}

void cpu_relax() {
  rqfuzz::Point();
  if (rqfuzz::hot.traced) [[unlikely]] {
    TheMachine().TraceStep(TraceKind::kRelax, 0, 0, 0, 0, nullptr, __builtin_return_address(0));
  }
  TheMachine().OnRelax();
}

bool in_nmi() { return TheMachine().InNmi(); }

void preempt_disable() {
  ServicePoint("preempt_disable");
  TheMachine().PreemptDisable();
}

void preempt_enable() {
  ServicePoint("preempt_enable");
  TheMachine().PreemptEnable();
}

unsigned long local_irq_save() {
  ServicePoint("local_irq_save");
  const bool off = TheMachine().InterruptsOff();
  TheMachine().SetInterruptsOff(true);
  return off ? 1 : 0;
}

void local_irq_restore(unsigned long flags) {
  ServicePoint("local_irq_restore");
  TheMachine().SetInterruptsOff(flags != 0);
}

bool resilient_virt_spin_lock_enabled() { return TheMachine().options().virtual_machine; }

void trace_contention_begin(const void* lock) {
  ServicePoint("contention_begin");
  TheMachine().EmitContention(lock, rqfuzz::EventKind::kContentionBegin, 0);
}

void trace_contention_end(const void* lock, int error) {
  ServicePoint("contention_end");
  TheMachine().EmitContention(lock, rqfuzz::EventKind::kContentionEnd, error);
}

void report_violation(const ViolationReport& report) {
  ServicePoint("report_violation");
  TheMachine().OnViolationReport(report);
}

}  // namespace kernel
