// The baseline: what everybody would write first.
#ifndef TESTS_FIND_BUGS_UNIFORM_SCENARIO_H_
#define TESTS_FIND_BUGS_UNIFORM_SCENARIO_H_

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// A scenario for a lock with the name and revision of `type`, in which everything is drawn uniformly, by somebody who
// knows the lock's interface and the scenario's fields but nothing of where bugs are:
//   - build: any; virtual machine: half of the time, where there is that path;
//   - 1 to 8 CPUs, 1 to 4 locks, for each CPU 1 to 8 operations: acquire, release of the innermost lock, or work, of
//     0 to 1 s; any lock, any entry point, 0 to 3 retries;
//   - 0 to 4 interrupts of any kind, each with 1 to 4 operations, at access 1 to 64 of any operation of any CPU;
//   - 0 to 2 other faults: steal, reschedule, offline, clock jump or tracing program, with a moment drawn likewise
//   and
//     a duration of 0 to 1 s;
//   - at every scheduling point the execution goes on with any CPU that can run.
// The ranges are those of a person who wants something to happen: with all the 40 locks that a scenario may have, or
// accesses up to 60,000, CPUs and interrupts would hardly ever meet.
Scenario UniformScenario(const locks::LockType& type, Random& random);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_UNIFORM_SCENARIO_H_
