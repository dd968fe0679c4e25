#include "fuzz/oracles/no_hang.h"

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/waits_for.h"

namespace rqfuzz {
namespace {

// What is wrong with a call that has not returned though it waits for nobody. Adds to `words`.
std::string WaitsForNobody(const Acquire& alone, std::string* words) {
  absl::StrAppend(words, Who(alone));
  if (alone.took_word && alone.was_queued) {
    absl::StrAppend(words, " has taken lock ", LockName(alone.lock),
                    " and waits for a successor in its queue, but nobody stands behind it");
    return "claimed-head-without-successor";
  }
  absl::StrAppend(words, " waits as ", std::string(RoleName(alone.role)), " of lock ", LockName(alone.lock),
                  ", which nobody holds up");
  return absl::StrCat(std::string(RoleSlug(alone.role)), "-waits-for-nobody");
}

// Where the waits that begin at `waiter` lead: the part of the cause that is the same however many others wait.
std::string Root(const World& world, int waiter, std::string* words) {
  std::size_t cycle_begin = 0;
  const WaitsForPath path = FollowWaits(world, waiter, &cycle_begin);
  if (path.empty()) {
    return WaitsForNobody(world.Get(waiter), words);
  }
  *words = DescribeWaits(world, path);
  if (cycle_begin == path.size()) {
    const int last = path.back().runs;
    if (last == kNobody) return "owner-never-releases";
    absl::StrAppend(words, "; and ");
    return WaitsForNobody(world.Get(last), words);
  }
  for (std::size_t i = cycle_begin; i < path.size(); ++i) {
    const Acquire& on = world.Get(path[i].on);
    const Acquire& runs = world.Get(path[i].runs);
    if (runs.depth <= on.depth) continue;
    return absl::StrCat(std::string(ContextName(runs.context)), "-on-top-of-the-",
                        on.stage == Stage::kAttempting ? std::string(RoleSlug(on.role)) : std::string("owner"),
                        "-it-depends-on");
  }
  return "cycle";
}

// Whether the one behind the acquire in the queue has gone offline between taking its place there and linking itself:
// who wants to leave the queue waits for that link.
bool LacksLink(const World& world, int id) {
  if (id == kNobody || world.Get(id).behind == kNobody) return false;
  const Acquire& behind = world.Get(world.Get(id).behind);
  return world.Offline(behind.cpu) && behind.stage == Stage::kAttempting && !behind.linked;
}

bool AnyOffline(const World& world) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (world.Offline(cpu)) return true;
  }
  return false;
}

// Whether the waits that begin at `waiter` lead to a CPU that has gone offline in the queue: it owes a hand-over or a
// link, which no clock ends. Somebody who is held up by such a CPU may in turn owe a link: `depth` bounds that chain.
bool OwedByOfflineCpu(const World& world, int waiter, unsigned depth = 0) {
  constexpr unsigned kDepthMax = 2;
  if (waiter == kNobody || depth > kDepthMax || !AnyOffline(world)) return false;
  const auto is_owed = [&](int id) {
    if (id == kNobody) return false;
    if (LacksLink(world, id)) return true;
    const int behind = world.Get(id).behind;
    return behind != kNobody && world.Get(behind).stage == Stage::kAttempting && !world.Get(behind).linked &&
           OwedByOfflineCpu(world, world.Top(world.Get(behind).cpu), depth + 1);
  };
  if (is_owed(waiter)) return true;
  std::size_t cycle_begin = 0;
  for (const WaitsForStep& step : FollowWaits(world, waiter, &cycle_begin)) {
    const Acquire& on = world.Get(step.on);
    if (world.Offline(on.cpu) && on.stage == Stage::kAttempting && on.was_queued) return true;
    if (is_owed(step.on) || is_owed(step.runs)) return true;
  }
  return false;
}

// A waiter whose role has a clock but who does not look at it any more; kNobody: there is none. Such a waiter is
// the cause whoever else is stuck with it.
int WaiterThatStoppedLooking(const World& world, const Event& hang) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    const int waiter = world.ClockedWaiter(cpu);
    if (waiter == kNobody || (hang.new_value & (1U << cpu)) != 0) continue;
    if (world.LimitNs(world.Get(waiter)) != 0 && !OwedByOfflineCpu(world, waiter)) return waiter;
  }
  return kNobody;
}

// Whether the callers have brought this wait about by a deadlock that the lock does not promise to end.
bool EndsInCallersDeadlock(const World& world, int waiter) {
  if (world.contract().may_fail) return false;
  std::size_t cycle_begin = 0;
  return cycle_begin != FollowWaits(world, waiter, &cycle_begin).size();
}

bool AnyEndsInCallersDeadlock(const World& world) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (world.Top(cpu) != kNobody && EndsInCallersDeadlock(world, world.Top(cpu))) return true;
  }
  return false;
}

}  // namespace

void NoHangOracle::OnStepLimit(const World& before, const Event& event, Report report) const {
  if (AnyEndsInCallersDeadlock(before)) return;
  if (last_return_step_ > event.step / 2) {
    if (!report.Wants(VerdictKind::kLimit)) return;
    report.Limit("cut-short", absl::StrCat("The execution was cut short after ", event.step, " steps and ",
                                           Duration(event.time_ns), "; until then calls kept returning."));
    return;
  }
  report.Finding("livelock", absl::StrCat("No call has returned from step ", last_return_step_, " to step ", event.step,
                                          ", where the execution was cut short at ", Duration(event.time_ns), "."));
}

void NoHangOracle::OnStop(const World& before, const Event& event, Report report) const {
  if (event.kind == EventKind::kStepLimit) {
    OnStepLimit(before, event, report);
    return;
  }
  const std::string from = absl::StrCat("From ", Duration(event.time_ns), " on nothing can change any more: ");
  if (const int id = WaiterThatStoppedLooking(before, event); id != kNobody) {
    const Acquire& waiter = before.Get(id);
    report.Finding(absl::StrCat(std::string(RoleSlug(waiter.role)), "-waits-without-a-clock"),
                   absl::StrCat(from, Who(waiter), " has waited as ", std::string(RoleName(waiter.role)), " of lock ",
                                LockName(waiter.lock), " since ", Duration(waiter.role_ns),
                                " and does not look at the clock or the lock any more",
                                waiter.behind == kNobody ? "; nobody is behind it in the queue." : "."));
    return;
  }
  for (unsigned cpu = 0; cpu < before.options().cpu_count; ++cpu) {
    const int waiter = before.Top(cpu);
    if (waiter == kNobody || before.Offline(cpu) || EndsInCallersDeadlock(before, waiter)) continue;
    std::string words;
    std::string cause = Root(before, waiter, &words);
    if (OwedByOfflineCpu(before, waiter)) {
      report.Limit("owed-hand-over", absl::StrCat(from, words, "; a CPU on which this depends has gone offline."));
      continue;
    }
    report.Finding(std::move(cause), absl::StrCat(from, words, "."));
    return;
  }
}

}  // namespace rqfuzz
