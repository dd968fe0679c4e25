// A hardware interrupt: held back while its CPU has interrupts off or runs a hardware interrupt or an NMI. Its
// handler runs with interrupts off.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectHardirq(Machine& machine, const Injection& injection) {
  machine.RaiseInterrupt(injection.cpu, ContextKind::kHardirq, injection.handler);
}

}  // namespace rqfuzz
