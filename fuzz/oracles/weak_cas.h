// Not a promise: a compare-and-swap failed though its value matched, which the lock need not bear. If anything came
// of it, it is told as the machine's doing; an execution that bears it passes.
#ifndef FUZZ_ORACLES_WEAK_CAS_H_
#define FUZZ_ORACLES_WEAK_CAS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class WeakCasOracle {
 public:
  static constexpr std::string_view kName = "weak-cas";
  static constexpr EventSet kEvents = Events(EventKind::kSpuriousFailure);

  void Reset() { first_.clear(); }
  void OnEvent(const World&, const Event& event, Report) {
    if (!first_.empty()) return;
    first_ = absl::StrCat("A compare-and-swap of CPU ", event.cpu, " fails for no reason at ",
                          Duration(event.time_ns), ".");
  }
  void OnEnd(const World&, Report report) {
    if (!first_.empty()) [[unlikely]] OnFailure(report);
  }

 private:
  void OnFailure(Report report) const {
    if (report.verdict().kind != VerdictKind::kFinding) return;
    report.Machine(kName, absl::StrCat(first_, " ", WhatCameOfIt(report.verdict())));
  }

  std::string first_;  // empty: there was none
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_WEAK_CAS_H_
