// What can go wrong around a lock, one file a fault. An injector says what its fault does to the machine at the
// moment at which the scenario has it; the player calls it then.
#ifndef INJECTORS_INJECTOR_H_
#define INJECTORS_INJECTOR_H_

#include "fuzz/machine/machine.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Injection {
  const Fault& fault;
  unsigned cpu;      // the CPU on which the fault's moment lies
  unsigned handler;  // interrupts and programs: whose program is to run
};

void InjectNmi(Machine& machine, const Injection& injection);
void InjectHardirq(Machine& machine, const Injection& injection);
void InjectSoftirq(Machine& machine, const Injection& injection);
void InjectSteal(Machine& machine, const Injection& injection);
void InjectReschedule(Machine& machine, const Injection& injection);
void InjectOffline(Machine& machine, const Injection& injection);
void InjectClockJump(Machine& machine, const Injection& injection);
void InjectProgram(Machine& machine, const Injection& injection);
void InjectTask(Machine& machine, const Injection& injection);
void InjectSpuriousFailure(Machine& machine, const Injection& injection);
void InjectCorruption(Machine& machine, const Injection& injection);
void InjectSwitch(Machine& machine, const Injection& injection);

// Does what the fault's kind says.
void Inject(Machine& machine, const Injection& injection);

}  // namespace rqfuzz

#endif  // INJECTORS_INJECTOR_H_
