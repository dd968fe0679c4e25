// A bit of a lock's word or of a queue node flips. Nothing is promised from then on but that the execution ends.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectCorruption(Machine& machine, const Injection& injection) {
  const Corruption& corruption = injection.fault.corruption;
  switch (corruption.place) {
    case CorruptedPlace::kWord:
      return machine.CorruptWord(corruption.index, corruption.bit);
    case CorruptedPlace::kNodeNext:
      return machine.CorruptNode(corruption.cpu, corruption.index, locks::FieldRole::kNodeNext, corruption.bit);
    case CorruptedPlace::kNodeLocked:
      return machine.CorruptNode(corruption.cpu, corruption.index, locks::FieldRole::kNodeLocked, corruption.bit);
    case CorruptedPlace::kNodeCount:
      return machine.CorruptNode(corruption.cpu, corruption.index, locks::FieldRole::kNodeCount, corruption.bit);
  }
}

}  // namespace rqfuzz
