#include "fuzz/report/execution.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "fuzz/check.h"
#include "fuzz/engines/progress.h"

namespace rqfuzz {
namespace {

// The last of the first `count` events that fits; `count` if there is none.
template <typename Fits>
std::size_t LastEvent(const std::vector<Event>& events, std::size_t count, Fits fits) {
  for (std::size_t i = count; i > 0; --i) {
    if (fits(events[i - 1])) return i - 1;
  }
  return count;
}

bool IsError(const Event& event) { return event.kind == EventKind::kAcquireEnd && event.result != 0; }

}  // namespace

absl::StatusOr<Execution> Execute(const Scenario& scenario) {
  if (const PlayResult result = Play(scenario); result.steps > kExplainedStepsMax) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("%s steps are too many to explain, %s are the most; make the scenario small: rqfuzz minimize",
                        WithThousands(result.steps), WithThousands(kExplainedStepsMax)));
  }
  return Execution{.scenario = scenario, .traced = PlayTraced(scenario, /*keep_trace=*/true)};
}

std::size_t DecisiveEvent(const Execution& execution) {
  const std::vector<Event>& events = execution.traced.events;
  RQFUZZ_CHECK(!events.empty());
  const Verdict& verdict = execution.verdict();
  if (verdict.kind == VerdictKind::kPass) return events.size() - 1;
  if (verdict.event < events.size()) return verdict.event;
  return std::min(LastEvent(events, events.size(), IsError), events.size() - 1);
}

std::size_t SituationEvent(const Execution& execution) {
  const std::vector<Event>& events = execution.traced.events;
  const std::size_t decisive = DecisiveEvent(execution);
  const Event& event = events[decisive];
  if (event.kind == EventKind::kLeftover) return LastEvent(events, decisive, IsError);
  if (event.kind != EventKind::kAcquireEnd) return decisive;
  const World world = WorldBefore(execution, decisive);
  const int id = world.Current(event.cpu, event.depth);
  if (id == kNobody || world.Get(id).marked_by == kNobody) return decisive;
  const Acquire& root = world.RootOfMarkers(world.Get(id));
  return LastEvent(events, decisive, [&root](const Event& touch) {
    return touch.kind == EventKind::kNodeTouch && touch.node_access == NodeAccess::kWriteLocked &&
           touch.new_value != 1 && touch.cpu == root.cpu && touch.depth == root.depth;
  });
}

std::size_t RecordOfEvent(const Execution& execution, std::size_t event) {
  const std::vector<TraceRecord>& records = execution.traced.records;
  const auto found = std::find_if(records.begin(), records.end(), [event](const TraceRecord& record) {
    return record.kind == TraceKind::kEvent && record.old_value == event;
  });
  RQFUZZ_CHECK(found != records.end());
  return static_cast<std::size_t>(found - records.begin());
}

World WorldBefore(const Execution& execution, std::size_t event) {
  const std::vector<Event>& events = execution.traced.events;
  RQFUZZ_CHECK(event < events.size());
  World world;
  world.Reset(events, WorldOptionsOf(execution.scenario));
  for (std::size_t i = 0; i < event; ++i) {
    world.PassTime(events[i]);
    world.Apply(events[i]);
  }
  world.PassTime(events[event]);
  return world;
}

}  // namespace rqfuzz
