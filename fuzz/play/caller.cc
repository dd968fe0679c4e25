#include "fuzz/play/caller.h"

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Caller::Load(const locks::LockType& type) {
  entry_points_ = type.entry_points;
  node_count_offset_ = kNoOffset;
  for (const locks::Field& field : type.per_cpu_fields) {
    if (field.role == locks::FieldRole::kNodeCount && node_count_offset_ == kNoOffset)
      node_count_offset_ = field.offset;
  }
}

void Caller::EmitMisuse(Misuse misuse, unsigned lock) {
  TheMachine().Emit(EventKind::kMisuse, {.lock = static_cast<std::uint8_t>(lock), .misuse = misuse});
  TheMachine().ExpectStrayWrites();
}

void Caller::StrayRelease(const Operation& operation) {
  EmitMisuse(Misuse::kStrayRelease, operation.lock);
  Release({.lock = operation.lock, .entry_point = operation.entry_point, .flags = 0});
}

}  // namespace rqfuzz
