// The host takes the virtual CPU away for a time, wherever it is. Interrupts for it wait until it is back.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectSteal(Machine& machine, const Injection& injection) {
  machine.Steal(injection.cpu, injection.fault.duration_ns);
}

}  // namespace rqfuzz
