#include "fuzz/play/caller.h"

#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Caller::EmitMisuse(Misuse misuse, unsigned lock) {
  TheMachine().Emit(EventKind::kMisuse, {.lock = static_cast<std::uint8_t>(lock), .misuse = misuse});
  TheMachine().ExpectStrayWrites();
}

void Caller::StrayRelease(const Operation& operation) {
  EmitMisuse(Misuse::kStrayRelease, operation.lock);
  Release({.lock = operation.lock, .entry_point = operation.entry_point, .flags = 0});
}

}  // namespace rqfuzz
