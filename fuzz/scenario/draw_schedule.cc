#include "fuzz/scenario/draw_schedule.h"

#include "fuzz/scenario/draw.h"

namespace rqfuzz {

Schedule DrawScheduleOf(ScheduleKind kind, Random& random) {
  Schedule schedule{.kind = kind};
  if (kind == ScheduleKind::kSwitches) return schedule;
  constexpr unsigned kUsualPctDepthMax = 5;
  if (kind == ScheduleKind::kPct) schedule.depth = static_cast<std::uint8_t>(random.Between(1, kUsualPctDepthMax));
  schedule.seed = static_cast<std::uint32_t>(random.Next());
  return schedule;
}

Schedule DrawSchedule(Random& random) {
  return DrawScheduleOf(static_cast<ScheduleKind>(DrawWeighted({4, 1, 1, 1, 1}, random)), random);
}

}  // namespace rqfuzz
