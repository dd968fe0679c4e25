// Interrupts, masks and preemption: which context may run on top of which, and when.
#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Machine::RaiseInterrupt(unsigned cpu, ContextKind kind, unsigned handler) {
  Cpu& target = cpus_[cpu];
  RQFUZZ_CHECK(kind != ContextKind::kTask && kind != ContextKind::kProgram);
  RQFUZZ_CHECK(target.pending_count < kPendingInterruptsMax);
  if (target.ended) return;
  // One instance of a source is latched while it cannot be delivered; more are lost.
  for (unsigned i = 0; i < target.pending_count; ++i) {
    if (target.pending[i].handler == handler) return;
  }
  target.pending[target.pending_count++] = {kind, static_cast<std::uint8_t>(handler)};
  disturbed_ = true;
}

bool Machine::Deliverable(const Cpu& cpu, ContextKind kind) const {
  switch (kind) {
    case ContextKind::kNmi:
      // The processor holds back a second NMI until the first has returned.
      return !cpu.InContext(ContextKind::kNmi);
    case ContextKind::kHardirq:
      return !cpu.interrupts_off && !cpu.InContext(ContextKind::kNmi) && !cpu.InContext(ContextKind::kHardirq);
    case ContextKind::kSoftirq:
      // Softirqs run when the outermost hardirq ends.
      return !cpu.interrupts_off && !cpu.InInterrupt();
    case ContextKind::kTask:
    case ContextKind::kProgram:
      break;
  }
  return false;
}

bool Machine::HasDeliverable(const Cpu& cpu) const {
  for (unsigned i = 0; i < cpu.pending_count; ++i) {
    if (Deliverable(cpu, cpu.pending[i].kind)) return true;
  }
  return false;
}

void Machine::DeliverInterrupts() {
  constexpr ContextKind kOrder[] = {ContextKind::kNmi, ContextKind::kHardirq, ContextKind::kSoftirq};
  Cpu& cpu = Current();
  bool may_schedule = false;
  for (unsigned k = 0; k < 3;) {
    unsigned i = 0;
    while (i < cpu.pending_count && cpu.pending[i].kind != kOrder[k]) ++i;
    if (i == cpu.pending_count || !Deliverable(cpu, kOrder[k])) {
      ++k;
      continue;
    }
    const unsigned handler = cpu.pending[i].handler;
    for (unsigned j = i + 1; j < cpu.pending_count; ++j) cpu.pending[j - 1] = cpu.pending[j];
    --cpu.pending_count;
    RunNested(kOrder[k], handler);
    may_schedule = may_schedule || kOrder[k] != ContextKind::kNmi;
    // What the handler left pending, or what arrived meanwhile, goes by the same order again.
    k = 0;
  }
  // The way back to a task, once softirqs have run, is where it is preempted.
  if (may_schedule && cpu.preempt_count == 0 && !cpu.interrupts_off && cpu.depth == 0 && cpu.reschedule_due) {
    Reschedule();
  }
  Sync();
}

void Machine::RunNested(ContextKind kind, unsigned handler) {
  Sync();
  Cpu& cpu = Current();
  cpu.Push(kind).handler = static_cast<std::uint8_t>(handler);
  cpu.spinning = false;
  // The processor turns interrupts off for hardware interrupts and NMIs.
  if (kind == ContextKind::kHardirq || kind == ContextKind::kNmi) cpu.interrupts_off = true;
  if (kind == ContextKind::kProgram) ++cpu.preempt_count;
  Emit(EventKind::kContextEnter, {.new_value = handler});
  if (handler != kWakeUp) driver_->RunHandler(hot.cpu, handler);
  Sync();
  Emit(EventKind::kContextExit);
  if (kind == ContextKind::kProgram) --cpu.preempt_count;
  cpu.Pop();
  // The interrupted wait loop must complete a turn of its own before it counts as frozen.
  cpu.seen_version = 0;
  cpu.probed_version = 0;
  cpu.probing = false;
}

void Machine::RunProgram(unsigned handler) {
  if (Current().ended || Current().RunsProgram(handler)) return;
  RunNested(ContextKind::kProgram, handler);
  Cpu& cpu = Current();
  if (cpu.preempt_count == 0 && !cpu.interrupts_off && cpu.depth == 0 && cpu.reschedule_due) Reschedule();
}

void Machine::PreemptEnable() {
  Cpu& cpu = Current();
  if (cpu.preempt_count > 0) --cpu.preempt_count;
  if (cpu.preempt_count == 0 && !cpu.interrupts_off && cpu.depth == 0 && cpu.reschedule_due) Reschedule();
}

void Machine::Reschedule() {
  Current().reschedule_due = false;
  Emit(EventKind::kScheduled);
  if (Current().ready_count != 0) SwitchTask(/*ends=*/false);
}

void Machine::SetInterruptsOff(bool off) {
  Cpu& cpu = Current();
  cpu.interrupts_off = off;
  if (!off && cpu.pending_count != 0) DeliverInterrupts();
}

}  // namespace rqfuzz
