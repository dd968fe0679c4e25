#include "injectors/injector.h"

namespace rqfuzz {

void Inject(Machine& machine, const Injection& injection) {
  switch (injection.fault.kind) {
    case FaultKind::kSwitch: return InjectSwitch(machine, injection);
    case FaultKind::kNmi: return InjectNmi(machine, injection);
    case FaultKind::kHardirq: return InjectHardirq(machine, injection);
    case FaultKind::kSoftirq: return InjectSoftirq(machine, injection);
    case FaultKind::kSteal: return InjectSteal(machine, injection);
    case FaultKind::kReschedule: return InjectReschedule(machine, injection);
    case FaultKind::kOffline: return InjectOffline(machine, injection);
    case FaultKind::kClockJump: return InjectClockJump(machine, injection);
    case FaultKind::kProgram: return InjectProgram(machine, injection);
    case FaultKind::kTask:
      return InjectTask(machine, injection);
    case FaultKind::kSpuriousFailure:
      return InjectSpuriousFailure(machine, injection);
    case FaultKind::kCorruption:
      return InjectCorruption(machine, injection);
  }
}

}  // namespace rqfuzz
