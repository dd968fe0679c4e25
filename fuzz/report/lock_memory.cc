#include "fuzz/report/lock_memory.h"

#include <algorithm>

#include "fuzz/play/location.h"

namespace rqfuzz {

std::optional<PerCpuField> PerCpuFieldOf(const locks::LockType& type, const TraceRecord& record) {
  const bool is_access = record.kind == TraceKind::kLoad || record.kind == TraceKind::kStore ||
                         record.kind == TraceKind::kReadModifyWrite;
  if (!is_access || record.offset - kPerCpuOffset >= kPerCpuBytes) return std::nullopt;
  const std::uint64_t in_per_cpu = record.offset - kPerCpuOffset;
  const std::uint64_t inner = in_per_cpu % kernel::kPerCpuBytes;
  for (const locks::Field& field : type.per_cpu_fields) {
    if (inner < field.offset || (inner - field.offset) % field.stride >= field.bytes) continue;
    const std::uint64_t index = (inner - field.offset) / field.stride;
    if (index >= field.count) continue;
    return PerCpuField{.cpu = static_cast<unsigned>(in_per_cpu / kernel::kPerCpuBytes),
                       .index = static_cast<unsigned>(index),
                       .role = field.role};
  }
  return std::nullopt;
}

std::uint8_t LockOfPointer(std::uint64_t pointer) {
  const std::uint64_t offset = pointer - kMemoryBase;
  return offset < kLocksBytes ? static_cast<std::uint8_t>(offset / kLockStride) : kNoLock;
}

void LockMemory::Apply(const TraceRecord& record, const Event* event) {
  if (event != nullptr) {
    if (event->kind == EventKind::kWordWrite) words_[event->lock] = event->new_value;
    return;
  }
  if (record.kind != TraceKind::kStore) return;
  const std::optional<PerCpuField> field = PerCpuFieldOf(*type_, record);
  if (!field.has_value()) return;
  if (field->role == locks::FieldRole::kTableCount) counts_[field->cpu] = static_cast<unsigned>(record.new_value);
  if (field->role == locks::FieldRole::kTableSlot && field->index < kSlotsMax) {
    slots_[field->cpu][field->index] = record.new_value;
  }
}

std::string LockMemory::WordText(unsigned lock) const {
  return ValueName(*type_, lock * kLockStride, 4, words_[lock]);
}

std::vector<std::uint8_t> LockMemory::HeldLocksOf(unsigned cpu) const {
  std::vector<std::uint8_t> held;
  for (unsigned i = 0; i < std::min(counts_[cpu], kSlotsMax); ++i) held.push_back(LockOfPointer(slots_[cpu][i]));
  return held;
}

}  // namespace rqfuzz
