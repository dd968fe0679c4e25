// A reschedule becomes due on the CPU, as when its task wakes another one: it is carried out when preemption is
// next enabled with interrupts on, or when a hardware interrupt returns to a preemptible task.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectReschedule(Machine& machine, const Injection& injection) { machine.MakeRescheduleDue(injection.cpu); }

}  // namespace rqfuzz
