// A reschedule becomes due on the CPU, as when its task wakes another one: it is carried out when preemption is
// next enabled with interrupts on, or when an interrupt other than an NMI returns to a preemptible task. Another task
// that is ready goes on then.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectReschedule(Machine& machine, const Injection& injection) { machine.MakeRescheduleDue(injection.cpu); }

}  // namespace rqfuzz
