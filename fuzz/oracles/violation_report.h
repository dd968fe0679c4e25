// Violation report (section 12): when a BPF entry point fails, the program's log is told once, before interrupts and
// preemption are restored: which error, which lock was attempted, and how many locks its CPU holds, the attempt no
// longer among them.
//
// Entries of interrupted contexts that are just being made or given back may count or not.
#ifndef FUZZ_ORACLES_VIOLATION_REPORT_H_
#define FUZZ_ORACLES_VIOLATION_REPORT_H_

#include <vector>

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class ViolationReportOracle {
 public:
  static constexpr std::string_view kName = "violation-report";
  static constexpr EventSet kEvents = Events(EventKind::kViolationReport, EventKind::kAcquireEnd);

  void Reset() { reports_.clear(); }
  void OnEvent(const World& before, const Event& event, Report report) {
    const bool nothing_due = event.kind == EventKind::kAcquireEnd && event.result == 0 && reports_.empty();
    if (!nothing_due) [[unlikely]] OnReportOrError(before, event, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  void OnReportOrError(const World& before, const Event& event, Report report);

  // A report in the log, of a call that has not returned.
  struct Logged {
    int id;
    Event event;
  };

  std::vector<Logged> reports_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_VIOLATION_REPORT_H_
