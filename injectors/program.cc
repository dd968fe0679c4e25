// A tracing program, at a tracepoint of the lock or, in revisions that allow it, at any of its steps: runs nested in
// what comes there, on whichever CPU that is. One copy never nests in itself on a CPU; two programs do nest in each
// other. It runs with preemption disabled and otherwise in the context that it was called from: in an NMI it is in an
// NMI.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectProgram(Machine& machine, const Injection& injection) { machine.RunProgram(injection.handler); }

}  // namespace rqfuzz
