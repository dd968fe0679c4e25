#include "fuzz/play/pos_chooser.h"

#include <algorithm>

namespace rqfuzz {
namespace {

bool Conflict(const Access& one, const Access& other) {
  return one.offset != kNoAccess && other.offset != kNoAccess && one.offset / 8 == other.offset / 8 &&
         (one.writes || other.writes);
}

}  // namespace

void PosChooser::Start(const Scenario& scenario) {
  random_ = Random(scenario.schedule.seed);
  for (std::uint64_t& priority : priority_) priority = random_.Next();
  pending_.fill({});
}

Decision PosChooser::Choose(const SchedulePoint& point) {
  pending_[point.cpu] = point.blocked ? Access{} : point.next;
  unsigned chosen = static_cast<unsigned>(std::countr_zero(point.runnable));
  for (unsigned cpu = chosen + 1; cpu < kCpusMax; ++cpu) {
    if ((point.runnable >> cpu & 1) != 0 && priority_[cpu] > priority_[chosen]) chosen = cpu;
  }
  const Access made = pending_[chosen];
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
    if (cpu == chosen || Conflict(made, pending_[cpu])) priority_[cpu] = random_.Next();
  }
  pending_[chosen] = {};
  return {.cpu = chosen};
}

}  // namespace rqfuzz
