#include "fuzz/play/pct_chooser.h"

#include <algorithm>
#include <utility>

namespace rqfuzz {
namespace {

unsigned Highest(unsigned mask, const std::array<std::uint8_t, kCpusMax>& priority) {
  RQFUZZ_CHECK(mask != 0);
  unsigned best = static_cast<unsigned>(std::countr_zero(mask));
  for (unsigned cpu = best + 1; cpu < kCpusMax; ++cpu) {
    if ((mask >> cpu & 1) != 0 && priority[cpu] > priority[best]) best = cpu;
  }
  return best;
}

}  // namespace

void PctChooser::Start(const Scenario& scenario) {
  Random random(scenario.schedule.seed);
  const unsigned depth = scenario.schedule.depth;
  RQFUZZ_CHECK(depth >= 1 && depth <= kPctDepthMax);
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) priority_[cpu] = static_cast<std::uint8_t>(kPctDepthMax + cpu);
  for (unsigned cpu = scenario.cpu_count; cpu > 1; --cpu) {
    std::swap(priority_[cpu - 1], priority_[random.Below(cpu)]);
  }
  std::uint64_t points = 0;
  for (const Program& program : scenario.programs) points += EstimatedPoints(program);
  changes_.fill(UINT64_MAX);
  for (unsigned i = 0; i + 1 < depth; ++i) changes_[i] = random.Between(1, points + 1);
  std::sort(changes_.begin(), changes_.end());
  next_change_ = 0;
}

Decision PctChooser::Choose(const SchedulePoint& point) {
  if (!point.blocked && point.step >= changes_[next_change_]) {
    priority_[point.cpu] = static_cast<std::uint8_t>(kPctDepthMax - 1 - next_change_);
    ++next_change_;
  }
  const unsigned chosen = Highest(point.runnable, priority_);
  // While a higher one is blocked, any access of this one may wake it.
  if (chosen != Highest(point.live, priority_)) return {.cpu = chosen};
  const std::uint64_t left = changes_[next_change_] - std::min(point.step, changes_[next_change_]);
  return {.cpu = chosen, .points = static_cast<unsigned>(std::clamp<std::uint64_t>(left, 1, UINT32_MAX / 2))};
}

}  // namespace rqfuzz
