// The clock jumps ahead on every CPU, as after a stop of the whole machine that only the clock has noticed. Waits
// seem longer than they were.
#include "injectors/injector.h"

namespace rqfuzz {

void InjectClockJump(Machine& machine, const Injection& injection) {
  machine.JumpClock(injection.fault.duration_ns);
}

}  // namespace rqfuzz
