#include "fuzz/scenario/draw_schedule.h"

#include <algorithm>
#include <iterator>

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
  constexpr unsigned kDrawnOneIn = 16;
  constexpr ScheduleKind kKinds[] = {ScheduleKind::kUniform, ScheduleKind::kPct, ScheduleKind::kPos,
                                     ScheduleKind::kSurw};
  if (random.OneIn(kDrawnOneIn)) DrawScheduleOf(kKinds[random.Below(std::size(kKinds))], scenario, random);
}

void RemoveSwitches(Scenario& scenario) {
  // No handler's number changes: switches have none.
  const auto is_switch = [](const Fault& fault) { return fault.kind == FaultKind::kSwitch; };
  scenario.faults.erase(std::remove_if(scenario.faults.begin(), scenario.faults.end(), is_switch),
                        scenario.faults.end());
}

}  // namespace rqfuzz
