// A software interrupt: runs when its CPU has interrupts on and is in no interrupt, so after the outermost
// hardware interrupt has ended. Its handler runs with interrupts on.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectSoftirq(Machine& machine, const Injection& injection) {
  machine.RaiseInterrupt(injection.cpu, ContextKind::kSoftirq, injection.handler);
}

}  // namespace rqfuzz
