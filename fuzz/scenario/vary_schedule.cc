#include <algorithm>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

// Interrupts hit where they hit by chance: the same one a few accesses earlier or later is another case.
void MoveFaults(Scenario& scenario, Random& random) {
  constexpr std::uint64_t kStepMax = 4;
  for (Fault& fault : scenario.faults) {
    if (fault.moment.kind != MomentKind::kAccess || !random.OneIn(2)) continue;
    const std::uint64_t step = random.Between(1, kStepMax);
    const std::uint64_t access = fault.moment.access;
    const std::uint64_t moved = random.OneIn(2) ? access + step : access - std::min(access, step);
    const OperationKind kind = scenario.programs[fault.moment.program][fault.moment.operation].kind;
    const std::uint64_t drawn = random.OneIn(3) ? DrawAccess(kind, random) : moved;
    fault.moment.access = static_cast<std::uint16_t>(std::clamp<std::uint64_t>(drawn, 1, kAccessMax));
  }
}

}  // namespace

void VarySchedule(Scenario& scenario, Random& random) {
  const bool keeps_switches = random.OneIn(4);
  if (!keeps_switches) RemoveSwitches(scenario);
  MoveFaults(scenario, random);
  unsigned switches = DrawWeighted({4, 4, 4, 3, 2, 1, 1}, random);
  while (switches > 0 && AddSwitch(scenario, random)) --switches;
  Repair(scenario);
}

}  // namespace rqfuzz
