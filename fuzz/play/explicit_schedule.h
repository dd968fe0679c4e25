// A drawn schedule, written out: every decision of its chooser that mattered as a switch at its moment. Such a
// scenario can be read, and made small switch by switch.
#ifndef FUZZ_PLAY_EXPLICIT_SCHEDULE_H_
#define FUZZ_PLAY_EXPLICIT_SCHEDULE_H_

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// The scenario without its `schedule` line, and with switches that give the same execution; as many of the first of
// them as it has room for. Not quite the same where a program cannot say it: a CPU without any operation comes to its
// end; a handler that runs more than once passes an access at which the chooser was asked only another time.
// REQUIRES: the scenario is valid.
Scenario WithExplicitSchedule(const Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_EXPLICIT_SCHEDULE_H_
