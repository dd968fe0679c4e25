// The schedule goes on with another CPU, if that one can run.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectSwitch(Machine& machine, const Injection& injection) { machine.Prefer(injection.fault.target_cpu); }

}  // namespace rqfuzz
