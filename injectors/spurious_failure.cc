// The next compare-and-swap of the CPU whose value matches fails all the same, as on machines that make it of
// load-linked and store-conditional. It stores nothing and finds the value with its lowest bit flipped, as if another
// CPU had held the lock for that instant: compiled code tells success by comparing values. The lock asks for a
// compare-and-swap that does no such thing, and every kernel's does not.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectSpuriousFailure(Machine& machine, const Injection& injection) { machine.FailNextCas(injection.cpu); }

}  // namespace rqfuzz
