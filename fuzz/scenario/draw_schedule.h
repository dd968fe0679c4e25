// Draws how the schedule of an execution is chosen.
#ifndef FUZZ_SCENARIO_DRAW_SCHEDULE_H_
#define FUZZ_SCENARIO_DRAW_SCHEDULE_H_

#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// A schedule of this kind.
Schedule DrawScheduleOf(ScheduleKind kind, Random& random);
// One of the kinds, in the mix that campaigns use.
Schedule DrawSchedule(Random& random);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_DRAW_SCHEDULE_H_
