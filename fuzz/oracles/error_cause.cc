#include "fuzz/oracles/error_cause.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <span>

#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/machine/hot.h"
#include "fuzz/oracles/abba_evidence.h"
#include "fuzz/oracles/prompt_abba.h"
#include "fuzz/oracles/waits_for.h"

namespace rqfuzz {
namespace {

constexpr unsigned kQueueNodesMax = 4;

// Queue step 3: no node, or an NMI on top of a waiter that has one.
bool LacksNode(const World& world, const Acquire& acquire) {
  if (world.contract().trylock_limit_ns != 0) return false;  // those revisions wait there, with a clock
  const bool too_deep = acquire.queue_nodes >= kQueueNodesMax;
  const bool on_waiter = acquire.interrupt == ContextKind::kNmi && acquire.queue_nodes > 0;
  if (!too_deep && !on_waiter) return false;
  for (unsigned depth = 0; depth < acquire.depth; ++depth) {
    const int lower = world.Current(acquire.cpu, depth);
    if (lower != kNobody && world.Get(lower).stage == Stage::kAttempting) return true;
  }
  return false;
}

// The known limit because of which a deadlock that this acquire is part of was left to its clock; empty: none.
std::string_view LimitOfCycle(const World& world, const WaitsForPath& cycle) {
  // Those without whom the cycle would not be: a waiter that is only stood behind is innocent.
  std::set<unsigned> cpus;
  bool queued = false;
  bool interrupted = false;
  bool overflow = false;
  for (const WaitsForStep& step : cycle) {
    const Acquire& waiter = world.Get(step.waiter);
    if (world.Get(step.on).took_word || step.runs != step.on) cpus.insert(world.Get(step.on).cpu);
    queued = queued || waiter.role == WaitRole::kQueued;
    interrupted = interrupted || world.Get(step.runs).depth > world.Get(step.on).depth;
    overflow = overflow || waiter.held_below >= world.contract().held_locks_max;
  }
  if (overflow) return "table-overflow";
  if (cpus.size() >= 3) return "long-cycle";
  if (interrupted) return "crossed-interrupts";
  if (queued) return "cycle-behind-head";
  if (cpus.size() == 2 && HiddenByThird(world, world.Get(cycle.front().waiter), world.Get(cycle.back().waiter))) {
    return "hidden-abba";
  }
  return {};
}

// The index of the event with which the acquire returned. REQUIRES: it has.
std::uint32_t ReturnOf(const Acquire& acquire, std::span<const Event> events) {
  const auto found = std::find_if(events.begin(), events.end(), [&acquire](const Event& event) {
    return event.kind == EventKind::kAcquireEnd && event.cpu == acquire.cpu && event.depth == acquire.depth &&
           event.lock == acquire.lock && event.time_ns == acquire.end_ns;
  });
  RQFUZZ_CHECK(found != events.end());
  return static_cast<std::uint32_t>(found - events.begin());
}

}  // namespace

void ErrorCauseOracle::OnError(const World& before, const Event& event, Report report) {
  const int id = before.Current(event.cpu, event.depth);
  const Acquire& acquire = before.Get(id);
  const bool was_told = acquire.role == WaitRole::kQueued && acquire.marked_by != kNobody;
  if (was_told) told_.push_back(id);
  if (!before.contract().may_fail || before.contract().spin_budget != 0) {
    return OnPlainError(before, event, acquire, report);
  }
  // Who was told to leave is judged at the end, when it is known how the one who told it ended.
  if (was_told) return;
  if (event.result == -EDEADLK) {
    OnDeadlock(before, event, acquire, report);
  } else {
    OnTimeout(before, event, id, report);
  }
}

void ErrorCauseOracle::OnDeadlock(const World& before, const Event& event, const Acquire& acquire, Report report) {
  if (before.HolderBelow(acquire) != kNobody) return;
  if (before.AttemptInTheWay(acquire) != kNobody) return;
  if (LacksNode(before, acquire)) return;
  const int id = before.Current(event.cpu, event.depth);
  AbbaQuestion question{.event = &event, .id = id, .since_ns = acquire.begin_ns};
  if (before.EntryBelow(acquire, /*attempts=*/true, /*releases=*/false) != kNobody) {
    question.own = AbbaEvidence::kAttempt;
  } else if (before.EntryBelow(acquire, /*attempts=*/false, /*releases=*/true) != kNobody) {
    question.own = AbbaEvidence::kUnlockWindow;
  } else {
    if (event.clock_read_ns == 0) return JudgeDeadlock(event, acquire, AbbaEvidence::kNone, report);
    if (ShowsDeadlock(before, id)) return;
    question.since_ns = event.clock_read_ns;
  }
  questions_.push_back(question);
}

void ErrorCauseOracle::JudgeDeadlock(const Event& event, const Acquire& acquire, AbbaEvidence evidence,
                                     Report report) {
  const auto limit = [&](std::string_view name, std::string_view why) {
    if (!report.Wants(VerdictKind::kLimit)) return;
    report.Limit(name, absl::StrCat(Who(acquire), " got -EDEADLK for lock ", LockName(acquire.lock), " at ",
                                    Duration(event.time_ns), " though nothing was deadlocked: ", std::string(why)));
  };
  switch (evidence) {
    case AbbaEvidence::kDeadlock:
      return;
    case AbbaEvidence::kAttempt:
      return limit("attempt-taken-for-held", "an entry of a lock that was only attempted counted as held.");
    case AbbaEvidence::kUnlockWindow:
      return limit("unlock-window", "a lock that had been freed still stood in the held-lock table.");
    case AbbaEvidence::kTorn:
      return limit("torn-scan", "the check read another CPU's table while it changed.");
    case AbbaEvidence::kNone:
      break;
  }
  if (!report.Wants(VerdictKind::kFinding)) return;
  report.Finding(
      absl::StrCat("deadlock-reported-to-", std::string(RoleSlug(acquire.role)), "-without-cause"),
      absl::StrCat(Who(acquire), " got -EDEADLK for lock ", LockName(acquire.lock), " at ", Duration(event.time_ns),
                   ", but its CPU neither holds nor attempts that lock below, no other CPU can have "
                   "shown an ABBA, and it did not lack a queue node."));
}

void ErrorCauseOracle::OnPlainError(const World& before, const Event& event, const Acquire& acquire, Report report) {
  // Each turn looks at the lock and relaxes.
  const std::uint64_t budget_ns = before.contract().spin_budget * 2 * kPointNs;
  const bool spent = budget_ns != 0 && event.time_ns - acquire.begin_ns >= budget_ns;
  if (event.result == -ETIMEDOUT && spent) return;
  if (event.result == -EBUSY && before.contract().may_fail && acquire.queue_nodes >= kQueueNodesMax) return;
  if (!report.Wants(VerdictKind::kFinding)) return;
  report.Finding(
      "error-without-cause",
      absl::StrCat(Who(acquire), " got error ", event.result, " for lock ", LockName(acquire.lock), " after ",
                   Duration(event.time_ns - acquire.begin_ns), "; ", std::string(before.options().lock_type->name),
                   before.contract().may_fail ? " owes it a cause." : " never fails."));
}

void ErrorCauseOracle::OnTimeout(const World& before, const Event& event, int id, Report report) {
  const Acquire& acquire = before.Get(id);
  const std::uint64_t limit_ns = before.LimitNs(acquire);
  const std::uint64_t since_ns = event.time_ns - acquire.role_ns;
  // On its own clock it may have lasted longer.
  const std::uint64_t clock_gain_ns =
      before.clock_ahead_ns() - acquire.role_clock_ahead_ns + before.options().clock_granularity_ns;
  if (limit_ns != 0 && since_ns + clock_gain_ns >= limit_ns) {
    if (!report.Wants(VerdictKind::kLimit)) return;
    std::size_t cycle_begin = 0;
    const WaitsForPath path = FollowWaits(before, id, &cycle_begin);
    if (path.empty() || cycle_begin != 0) return;
    const std::string_view name = LimitOfCycle(before, path);
    if (!name.empty()) {
      report.Limit(name, absl::StrCat("A deadlock that is not looked for was ended by the clock after ",
                                      Duration(since_ns), ": ", DescribeWaits(before, path), "."));
    }
    return;
  }
  if (!report.Wants(VerdictKind::kFinding)) return;
  report.Finding(absl::StrCat("timeout-of-", std::string(RoleSlug(acquire.role)), "-without-cause"),
                 absl::StrCat(Who(acquire), " got -ETIMEDOUT for lock ", LockName(acquire.lock), " after ",
                              Duration(since_ns), " as ", std::string(RoleName(acquire.role)),
                              limit_ns == 0 ? ", which has no clock, and nobody told it to leave."
                                            : absl::StrCat("; its limit is ", Duration(limit_ns), ".")));
}

void ErrorCauseOracle::OnOpenQuestions(const World& world, Report report) {
  if (!questions_.empty()) AnswerAbba(world, questions_);
  const std::span<const Event> events = world.events();
  for (const AbbaQuestion& question : questions_) {
    report.set_event(static_cast<std::uint32_t>(question.event - events.data()));
    JudgeDeadlock(*question.event, world.Get(question.id), question.answer, report);
  }
  std::sort(told_.begin(), told_.end());  // the first to come is the first to be spoken of
  for (const int id : told_) {
    const Acquire& acquire = world.Get(id);
    const Acquire& root = world.RootOfMarkers(acquire);
    // That a deadlock at the head is no business of those behind it is the bystanders' oracle.
    if (root.stage == Stage::kAttempting || acquire.result == root.result || !report.Wants(VerdictKind::kFinding)) {
      continue;
    }
    report.set_event(ReturnOf(acquire, events));
    report.Finding(
        acquire.result == -EDEADLK ? "deadlock-reported-after-timeout" : "queue-destroyed-without-timeout",
        absl::StrCat(Who(acquire), " got ", acquire.result == -EDEADLK ? "-EDEADLK" : "-ETIMEDOUT", " for lock ",
                     LockName(acquire.lock), " because the queue was destroyed, but the head that destroyed it, ",
                     Who(root), ", got ",
                     root.result == 0          ? "the lock"
                     : root.result == -EDEADLK ? "-EDEADLK"
                                               : "-ETIMEDOUT",
                     "."));
  }
  report.set_event(static_cast<std::uint32_t>(events.size()));  // for whoever comes next
}

}  // namespace rqfuzz
