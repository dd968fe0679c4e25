#include "fuzz/oracles/prompt_abba.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

// Whether `waiter` waits for a lock that an entry of CPU `cpu` holds.
bool WaitsForCpu(const World& world, const Acquire& waiter, unsigned cpu) {
  const int holder = world.Holder(waiter.lock);
  return holder != kNobody && world.Get(holder).cpu == cpu;
}

bool Demanded(const World& world, int one, int other) {
  if (one == kNobody || other == kNobody) return false;
  const Acquire& x = world.Get(one);
  const Acquire& y = world.Get(other);
  if (!WaitsForCpu(world, x, y.cpu) || !WaitsForCpu(world, y, x.cpu)) return false;
  const unsigned held_max = world.contract().held_locks_max;
  if (x.held_below >= held_max || y.held_below >= held_max) return false;
  return !HiddenByThird(world, x, y);
}

}  // namespace

bool HiddenByThird(const World& world, const Acquire& one, const Acquire& other) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (cpu == one.cpu || cpu == other.cpu) continue;
    const std::vector<int>& entries = world.Entries(cpu);
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
      const unsigned lock = world.Get(entries[i]).lock;
      if (lock == one.lock || lock == other.lock) return true;
    }
  }
  return false;
}

void PromptAbbaOracle::Forget() {
  any_pair_ = false;
  for (auto& row : pairs_) row.fill(Pair{});
}

void PromptAbbaOracle::OnReturn(const World& before, const Event& event, Report report) {
  const int id = before.Current(event.cpu, event.depth);
  for (const auto& row : pairs_) {
    for (const Pair& pair : row) {
      if (pair.one == id || pair.other == id) Judge(before, event, pair, report);
    }
  }
}

void PromptAbbaOracle::Age(const World& before, std::uint64_t passed_ns) {
  for (unsigned c = 0; c + 1 < before.options().cpu_count; ++c) {
    for (unsigned d = c + 1; d < before.options().cpu_count; ++d) {
      const int one = before.ClockedWaiter(c);
      const int other = before.ClockedWaiter(d);
      Pair& pair = pairs_[c][d];
      if (!Demanded(before, one, other)) {
        if (any_pair_) pair = Pair{};
        continue;
      }
      any_pair_ = true;
      if (pair.one != one || pair.other != other) pair = {.one = one, .other = other};
      const bool is_excused = before.IsOwedLink(before.Get(one)) && before.IsOwedLink(before.Get(other));
      if (!before.Stolen(c)) pair.wait_of_one.Add(passed_ns, is_excused);
      if (!before.Stolen(d)) pair.wait_of_other.Add(passed_ns, is_excused);
    }
  }
}

void PromptAbbaOracle::Judge(const World& before, const Event& event, const Pair& pair, Report report) {
  const std::uint64_t due_ns = before.contract().check_interval_ns + before.options().clock_granularity_ns;
  const Wait& one_wait = pair.wait_of_one;
  const Wait& other_wait = pair.wait_of_other;
  const std::uint64_t waited_ns = std::min(one_wait.waited_ns, other_wait.waited_ns);
  if (waited_ns <= due_ns + kOneCheck_ns) return;
  const std::uint64_t without_excuse_ns =
      std::min(one_wait.waited_ns - one_wait.excused_ns, other_wait.waited_ns - other_wait.excused_ns);
  if (without_excuse_ns <= due_ns + kOneCheck_ns) {
    if (!report.Wants(VerdictKind::kLimit)) return;
    report.Limit("owed-hand-over",
                 absl::StrCat("Two waiters in an ABBA returned only after ", Duration(waited_ns),
                              " because the CPUs of those behind them, which owed them a link, were "
                              "stolen or interrupted."));
    return;
  }
  if (!report.Wants(VerdictKind::kFinding)) return;
  const Acquire& one = before.Get(pair.one);
  const Acquire& other = before.Get(pair.other);
  std::string slugs[] = {std::string(RoleSlug(one.role)), std::string(RoleSlug(other.role))};
  if (slugs[1] < slugs[0]) std::swap(slugs[0], slugs[1]);
  report.Finding(absl::StrCat(slugs[0], "-and-", slugs[1], "-not-told"),
                 absl::StrCat(Who(one), " holds lock ", LockName(other.lock), " and waits for ", LockName(one.lock),
                              " as ", std::string(RoleName(one.role)), ", ", Who(other), " holds ",
                              LockName(one.lock), " and waits for ", LockName(other.lock), " as ",
                              std::string(RoleName(other.role)), " (ABBA): neither was told for ",
                              Duration(waited_ns), "; one was due within ", Duration(due_ns),
                              ". The first to return did so at ", Duration(event.time_ns), "."));
}

}  // namespace rqfuzz
