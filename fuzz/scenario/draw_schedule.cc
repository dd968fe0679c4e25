#include "fuzz/scenario/draw_schedule.h"

#include <algorithm>

#include "fuzz/scenario/draw.h"

namespace rqfuzz {

void DrawScheduleOf(ScheduleKind kind, Scenario& scenario, Random& random) {
  scenario.schedule = {.kind = kind};
  if (kind == ScheduleKind::kSwitches) return;
  constexpr unsigned kUsualPctDepthMax = 5;
  if (kind == ScheduleKind::kPct) {
    scenario.schedule.depth = static_cast<std::uint8_t>(random.Between(1, kUsualPctDepthMax));
  }
  scenario.schedule.seed = static_cast<std::uint32_t>(random.Next());
  RemoveSwitches(scenario);
}

void DrawSchedule(Scenario& scenario, Random& random) {
  DrawScheduleOf(static_cast<ScheduleKind>(DrawWeighted({28, 1, 1, 1, 1}, random)), scenario, random);
}

void RemoveSwitches(Scenario& scenario) {
  // No handler's number changes: switches have none.
  const auto is_switch = [](const Fault& fault) { return fault.kind == FaultKind::kSwitch; };
  scenario.faults.erase(std::remove_if(scenario.faults.begin(), scenario.faults.end(), is_switch),
                        scenario.faults.end());
}

}  // namespace rqfuzz
