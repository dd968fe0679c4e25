// Another task becomes ready on the CPU: a hardware interrupt tells so, and it takes over when that returns to a task
// with preemption enabled, or as soon as preemption is enabled. Tasks of one CPU take turns: each reschedule that is
// carried out puts the one that runs behind the others, and one that ends makes way for the next.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectTask(Machine& machine, const Injection& injection) { machine.WakeTask(injection.cpu, injection.handler); }

}  // namespace rqfuzz
