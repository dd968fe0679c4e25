// Exclusion: at most one owner of a lock at any time. An owner is a caller whose acquire has returned 0 and whose
// release has not begun.
#ifndef FUZZ_ORACLES_EXCLUSION_H_
#define FUZZ_ORACLES_EXCLUSION_H_

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class ExclusionOracle {
 public:
  static constexpr std::string_view kName = "exclusion";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report report) {
    if (event.result == 0 && before.Owner(event.lock) != kNobody) [[unlikely]] OnSecondOwner(before, event, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  [[gnu::cold]] static void OnSecondOwner(const World& before, const Event& event, Report report) {
    if (!report.Wants(VerdictKind::kFinding)) return;
    const Acquire& first = before.Get(before.Owner(event.lock));
    const Acquire& second = before.Get(before.Current(event.cpu, event.depth));
    report.Finding(absl::StrCat("second-owner-came-as-", std::string(RoleSlug(second.role))),
                   absl::StrCat(Who(second), " was given lock ", LockName(event.lock), " at ",
                                Duration(event.time_ns), " while ", Who(first), " owns it since ",
                                Duration(first.end_ns), "."));
  }
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_EXCLUSION_H_
