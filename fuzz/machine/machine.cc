#include "fuzz/machine/machine.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "fuzz/check.h"

namespace rqfuzz {

constinit Hot hot;

Machine the_machine;

void SlowPoint(std::uintptr_t offset, bool writes) { TheMachine().OnSlowPoint({offset, writes}); }

namespace {

// Where the last element of the field ends.
std::size_t FieldEnd(const locks::Field& field) {
  return field.offset + std::size_t{field.stride} * (field.count - 1U) + field.bytes;
}

}  // namespace

void Machine::SetLockType(const locks::LockType& type) {
  using enum locks::FieldRole;
  nodes_begin_ = nodes_end_ = per_cpu_bytes_ = shared_bytes_ = 0;
  node_count_begin_ = kNone;
  for (const locks::Field& field : type.shared_fields) shared_bytes_ = std::max(shared_bytes_, FieldEnd(field));
  RQFUZZ_CHECK(shared_bytes_ <= kernel::kSharedBytes);
  for (const locks::Field& field : type.per_cpu_fields) {
    const std::size_t end = FieldEnd(field);
    per_cpu_bytes_ = std::max(per_cpu_bytes_, end);
    if (field.role == kNodeCount) node_count_begin_ = field.offset;
    if (field.role != kNodeNext && field.role != kNodeLocked && field.role != kNodeCount && field.role != kNodeState) {
      continue;
    }
    nodes_begin_ = nodes_end_ == 0 ? field.offset : std::min<std::size_t>(nodes_begin_, field.offset);
    nodes_end_ = std::max(nodes_end_, end);
  }
  RQFUZZ_CHECK(per_cpu_bytes_ <= kernel::kPerCpuBytes);
  PrepareLeftovers(type);
  probe_turns_max_ = std::max(type.spins_per_check, type.bounded_spins_max) + 2;
}

void Machine::ClearAfterLastRun() {
  if (std::exchange(memory_is_soiled_, false)) ClearAllMemory();
  ClearLocks(options_.lock_count);
  for (; dirty_blocks_ != 0; dirty_blocks_ &= dirty_blocks_ - 1) {
    ClearPerCpu(static_cast<unsigned>(std::countr_zero(dirty_blocks_)), per_cpu_bytes_);
  }
  if (shared_bytes_ != 0) ClearShared(shared_bytes_);
}

void Machine::Reset(const MachineOptions& options, Driver& driver) {
  RQFUZZ_CHECK(options.cpu_count >= 1 && options.cpu_count <= kMachineCpusMax);
  RQFUZZ_CHECK(options.lock_type != nullptr && options.lock_type->lock_bytes <= sizeof(std::uint64_t));
  MapMemory();
  if (events_.empty()) events_.resize(kEventsMax);
  ClearAfterLastRun();
  if (options_.lock_type != options.lock_type) SetLockType(*options.lock_type);
  // Nobody switches to a CPU that this machine does not have.
  for (unsigned i = options.cpu_count; i < options_.cpu_count; ++i) {
    cpus_[i].ended = true;
    cpus_[i].able = false;
  }
  steps_max_ = probe_turns_max_ > 1000 ? kStepsMaxOfRareChecks : kStepsMax;
  options_ = options;
  driver_ = &driver;
  dirty_blocks_ = (1U << options.cpu_count) - 1;
  steps_ = jumped_ns_ = clock_ahead_ns_ = 0;
  next_event_ = events_.data();
  usual_events_end_ = options.trace == nullptr ? next_event_ + (kEventsMax - kEventsOfEnd) : next_event_;
  expected_word_lock_ = -1;
  preferred_cpu_ = kMachineCpusMax;
  disturbed_ = false;
  running_count_ = options.cpu_count;
  woken_count_ = 0;
  fails_next_cas_.fill(false);
  hot = Hot{};
  hot.countdown = kNoneAhead;
  hot.traced = options.trace != nullptr;
  for (unsigned i = 0; i < options.cpu_count; ++i) {
    cpus_[i].Boot(i, options.slow_by[i], reinterpret_cast<std::byte*>(StackAddress(i)), kStackBytes);
    cpus_[i].fiber.Start(&Machine::FiberMain);
  }
  SetCurrent(cpus_[0]);
}

void Machine::Run(const MachineOptions& options, Driver& driver) {
  Reset(options, driver);
  wake_next_ns_ = driver_->NextTimeNs();
  PlanLook();
  SetCountdown();
  Fiber::Jump(host_, cpus_[0].fiber);
  // Whoever reads memory or loads static data from here on is no longer on the machine.
  hot = Hot{};
}

void Machine::FiberMain() {
  Fiber::FinishFirstJump();
  Machine& machine = TheMachine();
  Cpu& cpu = machine.Current();
  if (cpu.pending_count != 0) machine.DeliverInterrupts();
  if (cpu.task < kMachineCpusMax) {
    machine.driver_->RunCpu(hot.cpu);
  } else {
    machine.driver_->RunHandler(hot.cpu, machine.tasks_[cpu.task].handler);
  }
  machine.EndTask();
}

void Machine::Finish() {
  Emit(EventKind::kEnd);
  EmitLeftovers();
  EndExecution();
}

void Machine::EndExecution() {
  Sync();
  Fiber::Jump(Current().fiber, host_);
  RQFUZZ_CHECK(false);
  std::abort();
}

void Machine::Sync() {
  const std::uint64_t ahead = PointsAhead();
  hot.base_ns -= ahead * hot.point_ns;
  steps_ -= ahead;
  Current().top().points -= static_cast<std::uint32_t>(ahead);
  hot.countdown = kNoneAhead;
}

void Machine::SetCountdown() {
  ContextFrame& frame = Current().top();
  std::uint64_t points = frame.next_look - frame.points;
  if (hot.base_ns + points * hot.point_ns > look_ns_) [[unlikely]] points = PointsToLook();
  hot.base_ns += points * hot.point_ns;
  steps_ += points;
  frame.points += static_cast<std::uint32_t>(points);
  hot.countdown = points - 1;
}

std::uint64_t Machine::PointsToLook() const {
  const std::uint64_t ahead_ns = look_ns_ > hot.base_ns ? look_ns_ - hot.base_ns : 1;
  // Where the divisor is known, there is no division.
  return hot.point_ns == kPointNs ? (ahead_ns + kPointNs - 1) / kPointNs : (ahead_ns + hot.point_ns - 1) / hot.point_ns;
}

void Machine::PlanLook() {
  look_ns_ = std::min(wake_next_ns_, hot.base_ns + (steps_max_ - steps_) * kPointNs);
  if (hot.traced || expected_word_lock_ >= 0) look_ns_ = 0;
}

void Machine::LookAtMachine() {
  if (expected_word_lock_ >= 0) LookAtExpectedWord();
  if (steps_ >= steps_max_) {
    Emit(EventKind::kStepLimit);
    EndExecution();
  }
  if (hot.base_ns >= wake_next_ns_) HandleTime();
  PlanLook();
}

Cpu* Machine::TakeLoneSwitch(ContextFrame& frame) {
  SwitchPoint* const here = frame.next_switch;
  const bool is_lone = here->point == frame.points && here[1].point != frame.points && !here->taken;
  if (!is_lone || frame.alarm == frame.points || disturbed_) return nullptr;
  Cpu* const cpu = frame.next_cpu;
  here->taken = true;
  frame.next_switch = here + 1;
  frame.Schedule(cpus_.data());
  return cpu;
}

Cpu* Machine::LookAtContext(Access next) {
  ContextFrame& frame = Current().top();
  if (SwitchPoint* const here = Current().SwitchAt(frame.points)) {
    here->taken = true;
    Prefer(here->cpu);
  }
  while (frame.next_switch->point == frame.points) ++frame.next_switch;
  const bool alarmed = frame.alarm == frame.points;
  if (alarmed) frame.alarm = kNoPoint;
  frame.Schedule(cpus_.data());
  if (alarmed) {
    next_access_ = next;
    driver_->OnAlarm(hot.cpu);
  }
  return disturbed_ ? Settle() : nullptr;
}

Cpu* Machine::Settle() {
  disturbed_ = false;
  const Cpu& cpu = Current();
  // Offline or stolen: others go on, the preferred one first. Nobody comes back here from offline.
  if (cpu.ended || cpu.stolen_until_ns > hot.base_ns) Yield();
  const unsigned preferred = std::exchange(preferred_cpu_, kMachineCpusMax);
  if (cpu.pending_count != 0) DeliverInterrupts();
  Sync();
  return preferred < kMachineCpusMax ? &cpus_[preferred] : nullptr;
}

void Machine::SetCurrent(Cpu& cpu) {
  current_ = &cpu;
  hot.cpu = cpu.cpu;
  hot.own_data = kPerCpuOffset + cpu.cpu * kernel::kPerCpuBytes;
  hot.point_ns = cpu.point_ns;
}

void Machine::Jump(Cpu& from, Cpu& to) {
  SetCurrent(to);
  SetCountdown();
  Fiber::Jump(from.fiber, to.fiber);
  if (from.pending_count != 0) [[unlikely]] DeliverInterrupts();
}

void Machine::OnSlowPoint(Access next) {
  if (hot.countdown != kNoneAhead) [[unlikely]] Sync();
  if (hot.base_ns >= look_ns_) [[unlikely]] LookAtMachine();
  Cpu& cpu = Current();
  Cpu* preferred = TakeLoneSwitch(cpu.top());
  if (preferred == nullptr) preferred = LookAtContext(next);
  if (preferred != nullptr && preferred != &cpu && CanRun(*preferred)) {
    Jump(cpu, *preferred);  // whoever jumps back has set the countdown
  } else {
    SetCountdown();
  }
}

void Machine::CountAnew(unsigned alarm) {
  ContextFrame& frame = Current().top();
  frame.alarm = alarm == 0 ? kNoPoint : alarm;
  frame.Schedule(cpus_.data());
  Sync();
  frame.points = 0;
  SetCountdown();
}

void Machine::SetAlarm(unsigned point) {
  if (point == 0 && Current().top().alarm == kNoPoint) return;
  Sync();
  ContextFrame& frame = Current().top();
  frame.alarm = point > frame.points ? point : kNoPoint;
  frame.Schedule(cpus_.data());
}

void Machine::ExpectWordWrite(unsigned lock) {
  expected_word_lock_ = static_cast<int>(lock);
  expected_word_old_ = *reinterpret_cast<const std::uint32_t*>(LockAddress(lock));
  Sync();
  PlanLook();
  SetCountdown();
}

void Machine::LookAtExpectedWord() {
  const unsigned lock = static_cast<unsigned>(expected_word_lock_);
  expected_word_lock_ = -1;
  const std::uint32_t now = *reinterpret_cast<const std::uint32_t*>(LockAddress(lock));
  if (now != expected_word_old_) OnWordWrite(lock, expected_word_old_, now);
}

}  // namespace rqfuzz
