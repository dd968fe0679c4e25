// What no machine that the locks are made for does.
#include <cstring>
#include <utility>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Machine::FailNextCas(unsigned cpu) {
  fails_next_cas_[cpu] = true;
  hot.cas_may_fail = true;
}

bool Machine::FailsForNoReason() {
  if (!std::exchange(fails_next_cas_[hot.cpu], false)) return false;
  Emit(EventKind::kSpuriousFailure);
  return true;
}

void Machine::CorruptWord(unsigned lock, unsigned bit) {
  RQFUZZ_CHECK(lock < options_.lock_count && bit < 32);
  ExpectStrayWrites();
  Emit(EventKind::kCorruption, {.new_value = bit, .lock = static_cast<std::uint8_t>(lock)});
  *reinterpret_cast<std::uint32_t*>(LockAddress(lock)) ^= std::uint32_t{1} << bit;
  ++hot.version;
}

void Machine::CorruptNode(unsigned cpu, unsigned index, locks::FieldRole role, unsigned bit) {
  RQFUZZ_CHECK(cpu < options_.cpu_count);
  ExpectStrayWrites();
  const std::span<const locks::Field> fields = options_.lock_type->per_cpu_fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const locks::Field& field = fields[i];
    if (field.role != role || index >= field.count || bit >= 8U * field.bytes) continue;
    void* const address = reinterpret_cast<void*>(PerCpuAddress(cpu) + field.offset + index * field.stride);
    std::uint64_t value = 0;
    std::memcpy(&value, address, field.bytes);
    value ^= std::uint64_t{1} << bit;
    const std::uint64_t target = value - kMemoryBase;
    if (role == locks::FieldRole::kNodeNext && target >= kStacksOffset && target < kMemoryBytes) return;
    std::memcpy(address, &value, field.bytes);
    ++hot.version;
    Emit(EventKind::kCorruption, {.new_value = bit,
                                  .node_cpu = static_cast<std::uint8_t>(cpu),
                                  .node_index = static_cast<std::uint8_t>(index),
                                  .field = static_cast<std::uint8_t>(i)});
    return;
  }
}

}  // namespace rqfuzz
