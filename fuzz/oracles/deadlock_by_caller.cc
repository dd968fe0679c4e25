#include "fuzz/oracles/deadlock_by_caller.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/waits_for.h"

namespace rqfuzz {
namespace {

// What the resilient queued spinlock does about this cycle: its deadlock checks see one CPU that waits for itself and
// two that wait for each other, as long as nobody of them waits behind a queue head.
std::string_view ResilientResult(const World& world, const WaitsForPath& cycle) {
  std::set<unsigned> cpus;
  bool queued = false;
  for (const WaitsForStep& step : cycle) {
    const Acquire& waiter = world.Get(step.waiter);
    cpus.insert(waiter.cpu);
    queued = queued || waiter.role == WaitRole::kQueued;
  }
  return cpus.size() == 1 || (cpus.size() == 2 && !queued) ? "-EDEADLK" : "an error";
}

}  // namespace

void DeadlockByCallerOracle::OnEvent(const World& before, const Event& event, Report report) {
  if (before.contract().may_fail) return;
  for (unsigned cpu = 0; cpu < before.options().cpu_count; ++cpu) {
    if (before.Top(cpu) == kNobody) continue;
    std::size_t cycle_begin = 0;
    WaitsForPath path = FollowWaits(before, before.Top(cpu), &cycle_begin);
    if (cycle_begin == path.size()) continue;
    path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(cycle_begin));
    report.Caller(kName, absl::StrCat("From ", Duration(event.time_ns), " on ", DescribeWaits(before, path),
                                      ": a deadlock, in which ", std::string(before.options().lock_type->name),
                                      " hangs for ever; rqspinlock returns ",
                                      std::string(ResilientResult(before, path)), " here."));
    return;
  }
}

}  // namespace rqfuzz
