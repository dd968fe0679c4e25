#include "fuzz/machine/machine.h"

#include <algorithm>
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

void Machine::Reset(const MachineOptions& options, Driver& driver) {
  RQFUZZ_CHECK(options.cpu_count >= 1 && options.cpu_count <= kMachineCpusMax);
  RQFUZZ_CHECK(options.lock_type != nullptr && options.lock_type->lock_bytes <= kLockStride);
  MapMemory();
  if (events_.empty()) events_.resize(kEventsMax);
  if (options_.lock_type != options.lock_type) {
    nodes_begin_ = nodes_end_ = per_cpu_bytes_ = shared_bytes_ = 0;
    for (const locks::Field& field : options.lock_type->shared_fields) {
      shared_bytes_ = std::max(shared_bytes_, FieldEnd(field));
    }
    RQFUZZ_CHECK(shared_bytes_ <= kernel::kSharedBytes);
    for (const locks::Field& field : options.lock_type->per_cpu_fields) {
      const std::size_t end = FieldEnd(field);
      per_cpu_bytes_ = std::max(per_cpu_bytes_, end);
      const bool is_node = field.role == locks::FieldRole::kNodeNext ||
                           field.role == locks::FieldRole::kNodeLocked ||
                           field.role == locks::FieldRole::kNodeCount || field.role == locks::FieldRole::kNodeState;
      if (!is_node) continue;
      nodes_begin_ = nodes_end_ == 0 ? field.offset : std::min<std::size_t>(nodes_begin_, field.offset);
      nodes_end_ = std::max(nodes_end_, end);
    }
    RQFUZZ_CHECK(per_cpu_bytes_ <= kernel::kPerCpuBytes);
    PrepareLeftovers(*options.lock_type);
    probe_turns_max_ = std::max(options.lock_type->spins_per_check, options.lock_type->bounded_spins_max) + 2;
  }
  steps_max_ = probe_turns_max_ > 1000 ? kStepsMaxOfRareChecks : kStepsMax;
  options_ = options;
  driver_ = &driver;
  ClearMemory(options.lock_count, options.cpu_count, per_cpu_bytes_, shared_bytes_);
  steps_ = jumped_ns_ = clock_ahead_ns_ = 0;
  event_count_ = 0;
  expected_word_lock_ = -1;
  preferred_cpu_ = kMachineCpusMax;
  running_count_ = options.cpu_count;
  hot = Hot{};
  hot.countdown = hot.armed = 0;
  hot.point_ns = kPointNs * options.slow_by[0];
  hot.traced = options.trace != nullptr;
  for (unsigned i = 0; i < options.cpu_count; ++i) {
    cpus_[i].Boot(reinterpret_cast<std::byte*>(StackAddress(i)), kStackBytes);
    cpus_[i].fiber.Start(&Machine::FiberMain);
  }
}

void Machine::Run(const MachineOptions& options, Driver& driver) {
  Reset(options, driver);
  wake_next_ns_ = driver_->NextTimeNs();
  Arm();
  Fiber::Jump(host_, cpus_[0].fiber);
  // Whoever reads memory or loads static data from here on is no longer on the machine.
  hot = Hot{};
}

void Machine::FiberMain(boost::context::detail::transfer_t transfer) {
  Fiber::Arrive(transfer);
  Fiber::FinishFirstJump(transfer);
  Machine& machine = TheMachine();
  Cpu& cpu = machine.Current();
  if (cpu.pending_count != 0) machine.DeliverInterrupts();
  machine.driver_->RunCpu(hot.cpu);
  RQFUZZ_CHECK(cpu.depth == 0);
  cpu.ended = true;
  if (--machine.running_count_ == 0) machine.Finish();
  machine.Yield();
  RQFUZZ_CHECK(false);  // nobody continues a CPU that has ended
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
  const std::int64_t points = hot.armed - hot.countdown;
  hot.base_ns += static_cast<std::uint64_t>(points) * hot.point_ns;
  steps_ += static_cast<std::uint64_t>(points);
  Current().top().points += static_cast<std::uint32_t>(points);
  hot.armed = hot.countdown = 0;
}

void Machine::Arm() {
  Sync();
  std::int64_t countdown = static_cast<std::int64_t>(steps_max_ - steps_) - 1;
  const ContextFrame& frame = Current().top();
  if (frame.alarm > frame.points) countdown = std::min<std::int64_t>(countdown, frame.alarm - frame.points - 1);
  if (wake_next_ns_ != kNever) {
    const std::uint64_t ahead_ns = wake_next_ns_ > hot.base_ns ? wake_next_ns_ - hot.base_ns : 1;
    countdown = std::min(countdown, static_cast<std::int64_t>((ahead_ns + hot.point_ns - 1) / hot.point_ns) - 1);
  }
  if (hot.traced || expected_word_lock_ >= 0) countdown = 0;
  hot.armed = hot.countdown = std::max<std::int64_t>(countdown, 0);
}

void Machine::OnSlowPoint(Access next) {
  Sync();
  next_access_ = next;
  if (expected_word_lock_ >= 0) LookAtExpectedWord();
  if (steps_ >= steps_max_) {
    Emit(EventKind::kStepLimit);
    EndExecution();
  }
  if (hot.base_ns >= wake_next_ns_) HandleTime();
  Cpu& cpu = Current();
  ContextFrame& frame = cpu.top();
  if (frame.alarm != 0 && frame.alarm == frame.points) {
    frame.alarm = 0;
    driver_->OnAlarm(hot.cpu);
  }
  // Offline or stolen: others go on, the preferred one first. Nobody comes back here from offline.
  if (cpu.ended || cpu.stolen_until_ns > hot.base_ns) Yield();
  const unsigned preferred = std::exchange(preferred_cpu_, kMachineCpusMax);
  if (cpu.pending_count != 0) DeliverInterrupts();
  if (preferred < options_.cpu_count && preferred != hot.cpu && CanRun(cpus_[preferred])) {
    Jump(preferred);
  }
  Arm();
}

void Machine::StartCount(unsigned point) {
  Sync();
  Current().top().points = 0;
  Current().top().alarm = point;
  Arm();
}

void Machine::SetAlarm(unsigned point) {
  Sync();
  ContextFrame& frame = Current().top();
  frame.alarm = point > frame.points ? point : 0;
  Arm();
}

Event& Machine::EmitFor(unsigned index, EventKind kind) {
  const Cpu& cpu = cpus_[index];
  // The last slots are kept for the events that end an execution.
  if (event_count_ + 512 >= kEventsMax && kind != EventKind::kStepLimit && kind != EventKind::kLeftover &&
      kind != EventKind::kEnd && kind != EventKind::kHang) {
    Emit(EventKind::kStepLimit);
    EndExecution();
  }
  Event& event = events_[event_count_++];
  event = Event{};
  event.kind = kind;
  event.time_ns = NowNs();
  event.step = static_cast<std::uint32_t>(steps_ + static_cast<std::uint64_t>(hot.armed - hot.countdown));
  event.jumped_ns = jumped_ns_;
  event.cpu = static_cast<std::uint8_t>(index);
  event.depth = cpu.depth;
  event.context = cpu.top().kind;
  event.interrupt = cpu.Interrupt();
  event.preempt_count = cpu.preempt_count;
  event.interrupts_off = cpu.interrupts_off;
  event.reschedule_due = cpu.reschedule_due;
  if (hot.traced) TraceEvent(event_count_ - 1);
  return event;
}

void Machine::TraceEvent(std::uint32_t index) {
  TraceRecord record;
  record.step = events_[index].step;
  record.time_ns = events_[index].time_ns;
  record.kind = TraceKind::kEvent;
  record.cpu = events_[index].cpu;
  record.depth = events_[index].depth;
  record.context = events_[index].context;
  record.preempt_count = events_[index].preempt_count;
  record.interrupts_off = events_[index].interrupts_off;
  record.reschedule_due = events_[index].reschedule_due;
  record.old_value = index;
  record.new_value = static_cast<std::uint64_t>(events_[index].kind);
  options_.trace->Add(record);
}

void Machine::TraceStep(TraceKind kind, std::uint64_t offset, unsigned bytes, std::uint64_t old_value,
                        std::uint64_t new_value, const char* service, const void* code) {
  const Cpu& cpu = Current();
  TraceRecord record;
  record.step = steps_ + static_cast<std::uint64_t>(hot.armed - hot.countdown);
  record.time_ns = NowNs();
  record.kind = kind;
  record.cpu = static_cast<std::uint8_t>(hot.cpu);
  record.depth = cpu.depth;
  record.context = cpu.top().kind;
  record.offset = offset;
  record.bytes = static_cast<std::uint8_t>(bytes);
  record.old_value = old_value;
  record.new_value = new_value;
  record.service = service;
  record.code = code;
  record.preempt_count = cpu.preempt_count;
  record.interrupts_off = cpu.interrupts_off;
  record.reschedule_due = cpu.reschedule_due;
  if (offset >= kStacksOffset) {
    // Where a variable lies on the stack, and what lay there before, is up to how the tool was compiled.
    record.offset = kStacksOffset;
    record.old_value = record.new_value = 0;
  }
  options_.trace->Add(record);
}

std::uint8_t LockIndex(const void* lock) {
  const std::uintptr_t offset = reinterpret_cast<std::uintptr_t>(lock) - LockAddress(0);
  return offset < kLocksBytes ? static_cast<std::uint8_t>(offset / kLockStride) : kNoLock;
}

void Machine::EmitContention(const void* lock, EventKind kind, int error) {
  Event& event = Emit(kind);
  event.lock = LockIndex(lock);
  event.result = static_cast<std::int16_t>(error);
  driver_->OnTracepoint(hot.cpu, kind);
}

void Machine::OnViolationReport(const kernel::ViolationReport& report) {
  Event& event = Emit(EventKind::kViolationReport);
  event.lock = LockIndex(report.lock);
  event.result = static_cast<std::int16_t>(report.error);
  event.new_value = static_cast<std::uint32_t>(report.held_count);
}

void Machine::OnWordWrite(unsigned lock, std::uint32_t old_value, std::uint32_t new_value) {
  ++hot.version;
  Event& event = Emit(EventKind::kWordWrite);
  event.lock = static_cast<std::uint8_t>(lock);
  event.old_value = old_value;
  event.new_value = new_value;
}

void Machine::OnRemoteAccess(std::uintptr_t offset, bool is_write, std::uint64_t value) {
  const std::uintptr_t in_per_cpu = offset - kPerCpuOffset;
  if (in_per_cpu >= kPerCpuBytes) return;  // the shared area
  const std::size_t inner = in_per_cpu % kernel::kPerCpuBytes;
  if (inner < nodes_begin_ || inner >= nodes_end_) return;
  const locks::Field* touched = nullptr;
  unsigned node_index = 0;
  for (const locks::Field& field : options_.lock_type->per_cpu_fields) {
    if (inner < field.offset || (inner - field.offset) % field.stride >= field.bytes) continue;
    const std::size_t index = (inner - field.offset) / field.stride;
    if (index >= field.count) continue;
    touched = &field;
    node_index = static_cast<unsigned>(index);
  }
  // A hint, which nothing but the length of a wait depends on.
  if (!is_write && touched != nullptr && touched->role == locks::FieldRole::kNodeState) return;
  Event& event = Emit(EventKind::kNodeTouch);
  event.node_cpu = static_cast<std::uint8_t>(in_per_cpu / kernel::kPerCpuBytes);
  event.new_value = static_cast<std::uint32_t>(value);
  event.node_access = is_write ? NodeAccess::kWriteOther : NodeAccess::kRead;
  if (touched == nullptr) return;
  event.node_index = static_cast<std::uint8_t>(node_index);
  if (is_write && touched->role == locks::FieldRole::kNodeNext) event.node_access = NodeAccess::kWriteNext;
  if (is_write && touched->role == locks::FieldRole::kNodeLocked) event.node_access = NodeAccess::kWriteLocked;
}

void Machine::OnWildAccess(std::uintptr_t address) {
  // The host's memory is none of the lock's business, and its addresses differ from run to run.
  Event& event = Emit(EventKind::kWildAccess);
  event.new_value = address < 4096 ? 0 : 1;
  EndExecution();
}

void Machine::ExpectWordWrite(unsigned lock) {
  expected_word_lock_ = static_cast<int>(lock);
  expected_word_old_ = *reinterpret_cast<const std::uint32_t*>(LockAddress(lock));
  Arm();
}

void Machine::LookAtExpectedWord() {
  const unsigned lock = static_cast<unsigned>(expected_word_lock_);
  expected_word_lock_ = -1;
  const std::uint32_t now = *reinterpret_cast<const std::uint32_t*>(LockAddress(lock));
  if (now != expected_word_old_) OnWordWrite(lock, expected_word_old_, now);
}

}  // namespace rqfuzz
