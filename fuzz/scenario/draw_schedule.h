// Draws how the schedule of an execution is chosen.
#ifndef FUZZ_SCENARIO_DRAW_SCHEDULE_H_
#define FUZZ_SCENARIO_DRAW_SCHEDULE_H_

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// All keep a valid scenario valid.

// Gives the scenario a schedule of this kind. One that is not by switches takes the place of those that there are.
void DrawScheduleOf(ScheduleKind kind, Scenario& scenario, Random& random);
// The mix that campaigns use: most scenarios stay as they are, the others get one of the four kinds that are not by
// switches.
void DrawSchedule(Scenario& scenario, Random& random);
void RemoveSwitches(Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_DRAW_SCHEDULE_H_
