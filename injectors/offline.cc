// The CPU stops for good, wherever it is: what it holds stays held, a call that it was in never returns.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectOffline(Machine& machine, const Injection& injection) { machine.TakeOffline(injection.cpu); }

}  // namespace rqfuzz
