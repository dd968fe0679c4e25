// What the machine's elements cost, beside floors: the cheapest conceivable way to do the same.
#ifndef TESTS_SPEED_MACHINE_SPEED_H_
#define TESTS_SPEED_MACHINE_SPEED_H_

#include "tests/speed/samples.h"

namespace rqfuzz {

struct MachineSpeed {
  Samples floor_call_ns;  // a call that makes the access
  Samples floor_jump_ns;  // Boost.Context's jump from one fiber to another
  Samples point_ns;       // a scheduling point, a load, without a switch
  Samples switch_ns;      // the same with a switch of the schedule
  Samples point_ratio;    // to the floor, measured side by side in each run
  Samples switch_ratio;
};

MachineSpeed MeasureMachine(unsigned runs);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_MACHINE_SPEED_H_
