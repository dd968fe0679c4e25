// Changes to programs that keep what refers to their operations in place.
#ifndef FUZZ_SCENARIO_EDIT_H_
#define FUZZ_SCENARIO_EDIT_H_

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Inserts before operation `at` of `program`; moments follow their operations. REQUIRES: there is room.
void InsertOperation(Scenario& scenario, unsigned program, unsigned at, const Operation& operation);
// Erases operation `at`; its moments go to the operation that takes its place (Repair() sees to it if none does).
void EraseOperation(Scenario& scenario, unsigned program, unsigned at);
// Removes a CPU; the last one takes its number. Repair() then gives its faults to another.
// REQUIRES: cpu < cpu_count, which is at least 2.
void RemoveCpu(Scenario& scenario, unsigned cpu);
// Exchanges two locks in a program: two that take the same locks in opposite orders make ABBA.
// REQUIRES: lock_count >= 2.
void ExchangeLocks(Program& program, unsigned lock_count, Random& random);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_EDIT_H_
