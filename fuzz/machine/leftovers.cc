// What is not at rest when every CPU has finished.
#include <array>
#include <cstring>

#include "fuzz/machine/machine.h"

namespace rqfuzz {
namespace {

// Fields whose last value means nothing once nobody waits.
bool MayStay(locks::FieldRole role) {
  using enum locks::FieldRole;
  return role == kNodeNext || role == kNodeLocked || role == kNodeState || role == kNoteNode;
}

bool PerCpuIsZero(unsigned cpu, std::size_t bytes) {
  static constexpr std::array<std::uint8_t, kernel::kPerCpuBytes> kZeros{};
  return std::memcmp(reinterpret_cast<const void*>(PerCpuAddress(cpu)), kZeros.data(), bytes) == 0;
}

}  // namespace

void Machine::PrepareLeftovers(const locks::LockType& type) {
  rest_mask_.fill(0);
  auto* const bytes = reinterpret_cast<std::uint8_t*>(rest_mask_.data());
  for (const locks::Field& field : type.per_cpu_fields) {
    for (unsigned k = 0; k < field.count && !MayStay(field.role); ++k) {
      std::memset(bytes + field.offset + k * field.stride, 0xff, field.bytes);
    }
  }
}

bool Machine::PerCpuAtRest(unsigned cpu) const {
  const auto* const words = reinterpret_cast<const std::uint64_t*>(PerCpuAddress(cpu));
  std::uint64_t left = 0;
  for (std::size_t i = 0; i < (per_cpu_bytes_ + 7) / 8; ++i) left |= words[i] & rest_mask_[i];
  return left == 0;
}

void Machine::EmitLeftovers() {
  const locks::LockType& type = *options_.lock_type;
  const auto look = [&](std::uintptr_t base, std::span<const locks::Field> fields, LeftoverPlace place,
                        unsigned owner) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const locks::Field& field = fields[i];
      if (MayStay(field.role)) continue;
      for (unsigned k = 0; k < field.count; ++k) {
        std::uint64_t value = 0;
        std::memcpy(&value, reinterpret_cast<const void*>(base + field.offset + k * field.stride), field.bytes);
        if (field.role == locks::FieldRole::kWord ? type.word.AtRest(static_cast<std::uint32_t>(value)) : value == 0)
          continue;
        Emit(EventKind::kLeftover,
             {.new_value = static_cast<std::uint32_t>(value),
              .lock = place == LeftoverPlace::kLock ? static_cast<std::uint8_t>(owner) : kNoLock,
              .node_cpu = static_cast<std::uint8_t>(owner),
              .node_index = static_cast<std::uint8_t>(k),
              .field = static_cast<std::uint8_t>(i),
              .leftover = place});
      }
    }
  };
  for (unsigned i = 0; i < options_.lock_count; ++i) {
    const std::uint64_t lock = *reinterpret_cast<const std::uint64_t*>(LockAddress(i));
    if (lock != 0) look(LockAddress(i), type.lock_fields, LeftoverPlace::kLock, i);
  }
  for (unsigned i = 0; i < options_.cpu_count; ++i) {
    if (PerCpuIsZero(i, per_cpu_bytes_)) {  // nobody has queued: the usual case, and quick to see
      dirty_blocks_ &= ~(1U << i);
    } else if (!PerCpuAtRest(i)) {
      look(PerCpuAddress(i), type.per_cpu_fields, LeftoverPlace::kPerCpu, i);
    }
  }
  if (shared_bytes_ != 0) look(SharedAddress(), type.shared_fields, LeftoverPlace::kShared, 0);
}

}  // namespace rqfuzz
