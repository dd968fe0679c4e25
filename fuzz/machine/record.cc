// What the machine records of an execution: events for the oracles, steps for those who read a trace.
#include "fuzz/machine/machine.h"

namespace rqfuzz {

namespace {

// Whether an event of this kind is one of those that end an execution.
bool Ends(EventKind kind) {
  return kind == EventKind::kStepLimit || kind == EventKind::kLeftover || kind == EventKind::kEnd ||
         kind == EventKind::kHang;
}

}  // namespace

void Machine::BeforeEvent(const Cpu& cpu, EventKind kind) {
  if (next_event_ >= events_.data() + (kEventsMax - kEventsOfEnd) && !Ends(kind)) {
    Emit(EventKind::kStepLimit);
    EndExecution();
  }
  if (!hot.traced) return;
  TraceRecord record;
  record.step = steps_ - PointsAhead();
  record.time_ns = NowNs();
  record.kind = TraceKind::kEvent;
  record.cpu = cpu.cpu;
  record.depth = cpu.depth;
  record.context = cpu.context;
  record.preempt_count = cpu.preempt_count;
  record.interrupts_off = cpu.interrupts_off;
  record.reschedule_due = cpu.reschedule_due;
  record.old_value = static_cast<std::uint64_t>(next_event_ - events_.data());
  record.new_value = static_cast<std::uint64_t>(kind);
  options_.trace->Add(record);
}

void Machine::TraceStep(TraceKind kind, std::uint64_t offset, unsigned bytes, std::uint64_t old_value,
                        std::uint64_t new_value, const char* service, const void* code) {
  const Cpu& cpu = Current();
  TraceRecord record;
  record.step = steps_ - PointsAhead();
  record.time_ns = NowNs();
  record.kind = kind;
  record.cpu = static_cast<std::uint8_t>(hot.cpu);
  record.depth = cpu.depth;
  record.context = cpu.context;
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
  Emit(kind, {.lock = LockIndex(lock), .result = static_cast<std::int16_t>(error)});
  driver_->OnTracepoint(hot.cpu, kind);
}

void Machine::OnViolationReport(const kernel::ViolationReport& report) {
  Emit(EventKind::kViolationReport, {.new_value = static_cast<std::uint32_t>(report.held_count),
                                     .lock = LockIndex(report.lock),
                                     .result = static_cast<std::int16_t>(report.error)});
}

void Machine::OnWordWrite(unsigned lock, std::uint32_t old_value, std::uint32_t new_value) {
  ++hot.version;
  Emit(EventKind::kWordWrite,
       {.old_value = old_value, .new_value = new_value, .lock = static_cast<std::uint8_t>(lock)});
}

void Machine::OnRemoteAccess(std::uintptr_t offset, bool is_write, std::uint64_t value) {
  const std::uintptr_t in_per_cpu = offset - kPerCpuOffset;
  if (in_per_cpu >= kPerCpuBytes) return;  // the shared area
  if (is_write) dirty_blocks_ |= 1U << (in_per_cpu / kernel::kPerCpuBytes);
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
  NodeAccess access = is_write ? NodeAccess::kWriteOther : NodeAccess::kRead;
  if (is_write && touched != nullptr) {
    if (touched->role == locks::FieldRole::kNodeNext) access = NodeAccess::kWriteNext;
    if (touched->role == locks::FieldRole::kNodeLocked) access = NodeAccess::kWriteLocked;
  }
  Emit(EventKind::kNodeTouch, {.new_value = static_cast<std::uint32_t>(value),
                               .node_cpu = static_cast<std::uint8_t>(in_per_cpu / kernel::kPerCpuBytes),
                               .node_index = static_cast<std::uint8_t>(node_index),
                               .node_access = access});
}

void Machine::OnWildAccess(std::uintptr_t address) {
  // The host's memory is none of the lock's business, and its addresses differ from run to run.
  Emit(EventKind::kWildAccess, {.new_value = address < 4096 ? 0U : 1U});
  EndExecution();
}

}  // namespace rqfuzz
