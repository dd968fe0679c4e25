// Makes a scenario valid: the one place where decoding and mutating establish the invariants.
#ifndef FUZZ_SCENARIO_REPAIR_H_
#define FUZZ_SCENARIO_REPAIR_H_

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Gives `scenario` the invariants of scenario.h with few changes; leaves a valid one as it is. Counts, locks,
// CPUs and times are brought into range, releases follow their acquires, locks still held at the end are released,
// faults whose moment names nothing or is taken are dropped, an interrupt with its handler. Does not allocate.
// REQUIRES: lock_type is set; enumerators are in range; one handler program for each interrupt, in order.
void Repair(Scenario& scenario);

// Removes fault `index`; an interrupt goes with its handler and with everything that happens in it.
// REQUIRES: `scenario` is valid, index < faults.size(). It stays valid.
void RemoveFault(Scenario& scenario, unsigned index);

// Section 9 of the lock's description: a lock that a hardirq or softirq handler takes is taken with interrupts off
// everywhere. Changes entry points outside NMIs and hardirqs, where interrupts are off already, to their irqsave
// twins. REQUIRES: the scenario is valid. It stays so.
void KeepCallersRule(Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_REPAIR_H_
