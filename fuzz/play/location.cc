#include "fuzz/play/location.h"

#include "absl/strings/str_cat.h"
#include "fuzz/machine/memory.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

std::string LockAt(std::uint64_t offset) {
  return absl::StrCat("lock ", LockName(static_cast<unsigned>(offset / kLockStride)));
}

bool IsNode(locks::FieldRole role) {
  return role == locks::FieldRole::kNodeNext || role == locks::FieldRole::kNodeLocked ||
         role == locks::FieldRole::kNodeCount || role == locks::FieldRole::kNodeState;
}

// "table slot 3", "node 2 next"; empty: no field is there.
std::string FieldAt(const locks::LockType& type, std::uint64_t inner) {
  for (const locks::Field& field : type.per_cpu_fields) {
    if (inner < field.offset || (inner - field.offset) % field.stride >= field.bytes) continue;
    const std::uint64_t index = (inner - field.offset) / field.stride;
    if (index >= field.count) continue;
    const std::string name(field.name);
    if (!IsNode(field.role)) return field.count == 1 ? name : absl::StrCat(name, " ", index);
    return absl::StrCat("node ", index, " ", name.substr(name.find(' ') + 1));
  }
  return {};
}

// "note 3 lock" in the shared area.
std::string SharedAt(const locks::LockType& type, std::uint64_t inner) {
  for (const locks::Field& field : type.shared_fields) {
    if (inner < field.offset || (inner - field.offset) % field.stride >= field.bytes) continue;
    const std::string name(field.name);
    const std::size_t blank = name.find(' ');
    return absl::StrCat(name.substr(0, blank), " ", (inner - field.offset) / field.stride, name.substr(blank));
  }
  return absl::StrCat("shared byte ", inner);
}

std::string Word(const locks::WordLayout& layout, std::uint32_t word) {
  if (layout.HasTickets()) return absl::StrCat("next ", layout.Next(word), ", served ", layout.Served(word));
  const std::string tail =
      layout.Tail(word) == 0 ? "0" : absl::StrCat("cpu", layout.TailCpu(word), ".", layout.TailIndex(word));
  return absl::StrCat(tail, ",", layout.Pending(word) ? 1 : 0, ",", word & layout.locked_mask);
}

}  // namespace

std::string LocationName(const locks::LockType& type, std::uint64_t offset, unsigned bytes) {
  if (offset < kLocksBytes) {
    const std::uint64_t inner = offset % kLockStride;
    if (bytes == 4) return LockAt(offset);
    if (type.word.HasTickets()) return absl::StrCat(LockAt(offset), inner == 0 ? " served" : " next");
    if (bytes == 1) return absl::StrCat(LockAt(offset), inner == 0 ? " locked byte" : " pending byte");
    return absl::StrCat(LockAt(offset), inner == 0 ? " locked and pending" : " tail");
  }
  if (offset - kPerCpuOffset < kPerCpuBytes) {
    const std::uint64_t in_per_cpu = offset - kPerCpuOffset;
    const std::uint64_t inner = in_per_cpu % kernel::kPerCpuBytes;
    const std::string field = FieldAt(type, inner);
    return absl::StrCat("cpu ", in_per_cpu / kernel::kPerCpuBytes, " ",
                        field.empty() ? absl::StrCat("byte ", inner) : field);
  }
  if (offset - kSharedOffset < kernel::kSharedBytes) return SharedAt(type, offset - kSharedOffset);
  return "own stack";
}

std::string ValueName(const locks::LockType& type, std::uint64_t offset, unsigned bytes, std::uint64_t value) {
  if (offset < kLocksBytes && bytes == 4) return Word(type.word, static_cast<std::uint32_t>(value));
  if (bytes != 8 || value < kMemoryBase) return absl::StrCat(value);
  const std::uint64_t target = value - kMemoryBase;
  if (target < kLocksBytes) return LockAt(target);
  if (target - kPerCpuOffset < kPerCpuBytes) {
    const std::string name = LocationName(type, target, 8);
    const std::size_t last = name.rfind(' ');
    return name.substr(0, last);
  }
  return "elsewhere";
}

}  // namespace rqfuzz
