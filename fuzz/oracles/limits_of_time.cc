#include "fuzz/oracles/limits_of_time.h"

#include "absl/strings/str_cat.h"

namespace rqfuzz {

void OwnLimitOracle::OnCut(const World& before, Report report) {
  for (unsigned cpu = 0; cpu < before.options().cpu_count; ++cpu) {
    const int waiter = before.ClockedWaiter(cpu);
    if (waiter != kNobody) OnWait(before, before.Get(waiter), report);
  }
}

void OwnLimitOracle::OnWait(const World& before, const Acquire& acquire, Report report) {
  if (before.LimitNs(acquire) == 0) return;
  const std::uint64_t limit_ns = before.LimitNs(acquire) + before.options().clock_granularity_ns;
  const std::uint64_t waited_ns = before.WaitedInRoleNs(acquire);
  if (waited_ns <= limit_ns + kOneCheck_ns) return;
  if (waited_ns - acquire.others_lost_ns <= limit_ns + kOneCheck_ns || acquire.others_lost_ns > waited_ns) {
    if (!report.Wants(VerdictKind::kLimit)) return;
    report.Limit("owed-hand-over",
                 absl::StrCat(Who(acquire), " waited ", Duration(waited_ns), " for lock ", LockName(acquire.lock),
                              " because a CPU that owed it a hand-over or a link was stolen or interrupted."));
    return;
  }
  if (!report.Wants(VerdictKind::kFinding)) return;
  report.Finding(
      absl::StrCat(std::string(RoleSlug(acquire.role)), "-over-its-limit"),
      absl::StrCat(Who(acquire), " waited ", Duration(waited_ns), " as ", std::string(RoleName(acquire.role)),
                   " of lock ", LockName(acquire.lock), "; its limit is ", Duration(limit_ns), "."));
}

void InheritedLimitOracle::OnQueued(const World& before, const Acquire& acquire, Report report) {
  if (acquire.stage != Stage::kAttempting) return;
  // A pending waiter goes before the queue.
  const std::uint64_t ahead = acquire.waiters_ahead + 1;
  const std::uint64_t limit_ns = ahead * (before.contract().head_limit_ns + before.options().clock_granularity_ns) +
                                 acquire.owned_ahead_ns + acquire.others_lost_ns + kOneCheck_ns;
  const std::uint64_t waited_ns = before.WaitedInRoleNs(acquire);
  if (before.contract().head_limit_ns == 0 || waited_ns <= limit_ns || !report.Wants(VerdictKind::kFinding)) return;
  report.Finding("queued-over-its-limit",
                 absl::StrCat(Who(acquire), " waited ", Duration(waited_ns), " behind ", acquire.waiters_ahead,
                              " others in the queue of lock ", LockName(acquire.lock), "; at most ",
                              Duration(limit_ns), " can be explained by those ahead of it."));
}

}  // namespace rqfuzz
