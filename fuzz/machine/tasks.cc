// Tasks beyond the one that each CPU begins with.
//
// The task that runs has its fiber and its frame in Cpu, as if it were the only one; those that wait have them in
// `tasks_`, and their place in the CPU's `ready` list. So a machine whose CPUs have one task each does nothing here.
#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Machine::WakeTask(unsigned cpu, unsigned handler) {
  Sync();
  Cpu& target = cpus_[cpu];
  if (target.offline) return;
  RQFUZZ_CHECK(woken_count_ < kExtraTasksMax && handler != kWakeUp);
  const unsigned index = kMachineCpusMax + woken_count_++;
  Task& task = tasks_[index];
  task.handler = static_cast<std::uint8_t>(handler);
  task.frame = ContextFrame{};
  task.fiber.stack = reinterpret_cast<std::byte*>(StackAddress(index));
  task.fiber.stack_bytes = kStackBytes;
  task.fiber.Start(&Machine::FiberMain);
  target.ready[target.ready_count++] = static_cast<std::uint8_t>(index);
  if (!target.ended) {
    MakeRescheduleDue(cpu);
    RaiseInterrupt(cpu, ContextKind::kHardirq, kWakeUp);
  } else if (target.preempt_count == 0) {
    target.ended = false;  // EndTask() goes on there
    ++running_count_;
  }
}

void Machine::SwitchTask(bool ends) {
  Sync();
  Cpu& cpu = Current();
  RQFUZZ_CHECK(cpu.ready_count != 0 && cpu.depth == 0);
  const unsigned from = cpu.task;
  const unsigned to = cpu.ready[0];
  --cpu.ready_count;
  for (unsigned i = 0; i < cpu.ready_count; ++i) cpu.ready[i] = cpu.ready[i + 1];
  if (!ends) cpu.ready[cpu.ready_count++] = static_cast<std::uint8_t>(from);
  Emit(EventKind::kTaskSwitch, {.old_value = NumberOf(from), .new_value = NumberOf(to)});
  driver_->OnTaskSwitch(hot.cpu, NumberOf(from), NumberOf(to));
  tasks_[from].fiber = cpu.fiber;
  tasks_[from].frame = cpu.top();
  cpu.task = static_cast<std::uint8_t>(to);
  cpu.fiber = tasks_[to].fiber;
  cpu.top() = tasks_[to].frame;
  // Nothing is due any more, and whoever goes on must complete a turn of a wait loop of its own before it counts as frozen.
  cpu.spinning = cpu.probing = false;
  cpu.reschedule_due = false;
  cpu.seen_version = cpu.probed_version = 0;
  SetCountdown();
  Fiber::Jump(tasks_[from].fiber, cpu.fiber);
  if (cpu.pending_count != 0) DeliverInterrupts();
}

void Machine::EndTask() {
  Cpu& cpu = Current();
  RQFUZZ_CHECK(cpu.depth == 0);
  for (;;) {
    // Who has kept a lock has preemption disabled for ever.
    if (cpu.ready_count != 0 && cpu.preempt_count == 0) SwitchTask(/*ends=*/true);
    cpu.ended = true;
    if (--running_count_ == 0) Finish();
    GiveWay();  // returns if a task has been woken here meanwhile
  }
}

}  // namespace rqfuzz
