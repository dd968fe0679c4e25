// A non-maskable interrupt: runs at once, on top of whatever its CPU does, unless that is an NMI already; then it
// is held back until that one returns.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectNmi(Machine& machine, const Injection& injection) {
  machine.RaiseInterrupt(injection.cpu, ContextKind::kNmi, injection.handler);
}

}  // namespace rqfuzz
