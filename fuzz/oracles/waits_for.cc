#include "fuzz/oracles/waits_for.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

// Whom the acquire waits for directly; kNobody: for nobody.
int Blocker(const World& world, const Acquire& waiter) {
  if (waiter.stage != Stage::kAttempting) return kNobody;
  if (waiter.took_word) {
    const bool owes_link = waiter.behind != kNobody && world.Get(waiter.behind).stage == Stage::kAttempting;
    return owes_link ? waiter.behind : kNobody;
  }
  if (waiter.role == WaitRole::kQueued && waiter.ahead != kNobody &&
      world.Get(waiter.ahead).stage == Stage::kAttempting) {
    return waiter.ahead;
  }
  const int holder = world.Holder(waiter.lock);
  if (holder != kNobody && &world.Get(holder) != &waiter) return holder;
  const int pending = world.PendingWaiter(waiter.lock);
  if (pending != kNobody && &world.Get(pending) != &waiter) return pending;
  if (world.contract().may_fail) return kNobody;
  // Without a queue node, a lock that never fails is waited for until nobody queues for it.
  const std::vector<int>& queue = world.Queue(waiter.lock);
  if (!waiter.was_queued && !queue.empty()) return queue.front();
  return world.Releaser(waiter.lock);
}

}  // namespace

WaitsForPath FollowWaits(const World& world, int acquire, std::size_t* cycle_begin) {
  WaitsForPath path;
  int waiter = acquire;
  for (;;) {
    const auto passed =
        std::find_if(path.begin(), path.end(), [waiter](const WaitsForStep& step) { return step.waiter == waiter; });
    if (passed != path.end()) {
      *cycle_begin = static_cast<std::size_t>(passed - path.begin());
      return path;
    }
    const int on = Blocker(world, world.Get(waiter));
    if (on == kNobody) break;
    const int runs = world.Top(world.Get(on).cpu);
    path.push_back({.waiter = waiter, .on = on, .runs = runs});
    if (runs == kNobody) break;
    waiter = runs;
  }
  *cycle_begin = path.size();
  return path;
}

bool InCycle(const World& world, int acquire) {
  std::size_t cycle_begin = 0;
  const WaitsForPath path = FollowWaits(world, acquire, &cycle_begin);
  return cycle_begin == 0 && !path.empty();
}

std::string DescribeWaits(const World& world, const WaitsForPath& path) {
  std::string text;
  for (const WaitsForStep& step : path) {
    const Acquire& waiter = world.Get(step.waiter);
    const Acquire& on = world.Get(step.on);
    absl::StrAppend(&text, text.empty() ? "" : "; ", Who(waiter), " waits for lock ", LockName(waiter.lock), " as ",
                    std::string(RoleName(waiter.role)));
    if (on.lock == waiter.lock && on.stage == Stage::kAttempting && !on.took_word) {
      absl::StrAppend(&text, ", behind the ", std::string(RoleName(on.role)), " ", Who(on));
    } else if (on.freed_word) {
      absl::StrAppend(&text, ", which is free, halted until the release by ", Who(on), " kicks it");
    } else {
      absl::StrAppend(&text, ", held by ", Who(on));
    }
    if (step.runs != kNobody && step.runs != step.on && world.Get(step.runs).depth > on.depth) {
      absl::StrAppend(&text, ", which is interrupted by ", Who(world.Get(step.runs)));
    }
  }
  return text;
}

}  // namespace rqfuzz
