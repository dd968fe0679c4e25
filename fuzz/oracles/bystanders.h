// Bystanders: a waiter that is in no cycle never receives -EDEADLK because somebody ahead of it does.
#ifndef FUZZ_ORACLES_BYSTANDERS_H_
#define FUZZ_ORACLES_BYSTANDERS_H_

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"
#include "fuzz/oracles/waits_for.h"

namespace rqfuzz {

class BystandersOracle {
 public:
  static constexpr std::string_view kName = "bystanders";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() { told_.clear(); }
  void OnEvent(const World& before, const Event& event, Report) {
    if (event.result == -EDEADLK) [[unlikely]] OnDeadlock(before, event);
  }
  void OnEnd(const World& world, Report report) {
    if (!told_.empty()) [[unlikely]] OnTold(world, report);
  }

 private:
  void OnDeadlock(const World& before, const Event& event) {
    const int id = before.Current(event.cpu, event.depth);
    const Acquire& acquire = before.Get(id);
    if (acquire.role != WaitRole::kQueued || acquire.marked_by == kNobody) return;
    if (!InCycle(before, id)) told_.push_back(id);
  }
  void OnTold(const World& world, Report report) const {
    for (const int id : told_) {
      const Acquire& acquire = world.Get(id);
      // Who is told so because a clock ran out at the head got the wrong error: that is the business of error-cause.
      const Acquire& ahead = world.RootOfMarkers(acquire);
      if (ahead.result != -EDEADLK || !report.Wants(VerdictKind::kFinding)) continue;
      report.Finding("told-by-the-waiter-ahead",
                     absl::StrCat(Who(acquire), " waited in the queue of lock ", LockName(acquire.lock),
                                  " and is in no deadlock, but got -EDEADLK because ", Who(ahead),
                                  " ahead of it did."));
    }
  }

  std::vector<int> told_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_BYSTANDERS_H_
