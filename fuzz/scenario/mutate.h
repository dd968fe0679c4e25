// Makes scenarios that are likely to find bugs: new ones, changed ones, mixed ones.
#ifndef FUZZ_SCENARIO_MUTATE_H_
#define FUZZ_SCENARIO_MUTATE_H_

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// Whatever these give is valid, keeps the rules for callers (KeepCallersRule() in repair.h), and is a function of the
// arguments alone. They keep a lock's name and revision; its build and the virtual-machine flag may change.

// A new scenario for the lock and revision of `type`, in which nothing goes wrong but what `injectors` has; without
// them, what DrawInjectors() gives.
Scenario Generate(Random& random, const locks::LockType& type, const Injectors& injectors);
Scenario Generate(Random& random, const locks::LockType& type);
// Makes one to a few changes, which add nothing but what `injectors` has. REQUIRES: `scenario` is valid.
void Mutate(Scenario& scenario, Random& random, const Injectors& injectors = DefaultInjectors());
// The same programs at other moments: new switches, and faults at accesses moved by a little or anywhere. Cheaper than
// Mutate(): for playing one scenario in many ways. REQUIRES: `scenario` is valid.
void VarySchedule(Scenario& scenario, Random& random);
// The lock of `first`; each CPU's program, with what happens in it, from one of the two. REQUIRES: both are valid.
Scenario CrossOver(const Scenario& first, const Scenario& second, Random& random);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_MUTATE_H_
