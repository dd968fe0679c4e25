// NMI: an NMI never waits directly for a lock that a lower context of its CPU holds or attempts: that context
// cannot go on before the NMI returns. What the lower context holds is prompt AA's business; this oracle looks at
// what it attempts. An attempt that has neither set the pending bit nor joined the queue, or has left again, holds
// nobody up: an NMI that waits then waits for somebody else.
#ifndef FUZZ_ORACLES_NMI_NEVER_WAITS_H_
#define FUZZ_ORACLES_NMI_NEVER_WAITS_H_

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NmiNeverWaitsOracle {
 public:
  static constexpr std::string_view kName = "nmi";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report report) {
    if (event.interrupt == ContextKind::kNmi) [[unlikely]] OnReturn(before, event, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  static void OnReturn(const World& before, const Event& event, Report report) {
    if (!before.contract().usable_in_nmi) return;
    const Acquire& acquire = before.Get(before.Current(event.cpu, event.depth));
    if (acquire.held_below >= before.contract().held_locks_max) return;
    const std::uint64_t waited_ns = before.WaitedNs(acquire);
    const int below = before.AttemptInTheWay(acquire);
    if (waited_ns < kPrompt_ns || below == kNobody || !report.Wants(VerdictKind::kFinding)) return;
    const Acquire& lower = before.Get(below);
    report.Finding(
        absl::StrCat("waits-for-lower-", std::string(RoleSlug(lower.role)), "-as-",
                     std::string(RoleSlug(acquire.role))),
        absl::StrCat(event.context == ContextKind::kProgram ? "A program in the NMI on CPU " : "The NMI on CPU ",
                     event.cpu, " waited ", Duration(waited_ns), " for lock ", LockName(event.lock),
                     " that the context it interrupted is trying to take as ", std::string(RoleName(lower.role)),
                     " and that cannot go on before the NMI returns."));
  }
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NMI_NEVER_WAITS_H_
