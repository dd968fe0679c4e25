#include "fuzz/oracles/violation_report.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {
namespace {

// What is wrong with `logged`, the report of the failed call that ends with `end`; empty: nothing.
std::string Mistake(const World& before, const Event& logged, const Event& end) {
  if (logged.lock != end.lock) return "names-another-lock";
  if (logged.result != end.result) return "names-another-error";
  if (logged.preempt_count <= end.preempt_count) return "after-preemption-was-restored";
  if (static_cast<EntryPoint>(end.entry_point) == EntryPoint::kBpfIrqsave && !logged.interrupts_off) {
    return "after-interrupts-were-restored";
  }
  const int id = before.Current(end.cpu, end.depth);
  unsigned owned = 0;
  unsigned others = 0;
  for (const int entry : before.Entries(end.cpu)) {
    if (entry == id) continue;
    ++(before.Get(entry).stage == Stage::kOwning ? owned : others);
  }
  const bool right = logged.new_value >= owned && logged.new_value <= owned + others;
  return right ? "" : "counts-locks-wrongly";
}

}  // namespace

void ViolationReportOracle::OnReportOrError(const World& before, const Event& event, Report report) {
  // The section is about the lock that detects deadlocks; the others fail without a word, or not at all.
  if (!before.contract().detects_aa) return;
  const int id = before.Current(event.cpu, event.depth);
  if (event.kind == EventKind::kViolationReport) {
    reports_.push_back({.id = id, .event = event});
    return;
  }
  const auto is_of_call = [id](const Logged& logged) { return logged.id == id; };
  const auto first = std::find_if(reports_.begin(), reports_.end(), is_of_call);
  const auto count = std::count_if(first, reports_.end(), is_of_call);
  const auto entry_point = static_cast<EntryPoint>(event.entry_point);
  const bool is_bpf = entry_point == EntryPoint::kBpf || entry_point == EntryPoint::kBpfIrqsave;
  const long due = is_bpf && event.result != 0 ? 1 : 0;
  std::string cause;
  if (count != due) {
    cause = count < due ? "missing" : "superfluous";
  } else if (count == 1) {
    cause = Mistake(before, first->event, event);
  }
  std::erase_if(reports_, is_of_call);
  if (cause.empty() || !report.Wants(VerdictKind::kFinding)) return;
  report.Finding(cause, absl::StrCat("The acquire of lock ", LockName(event.lock), " on CPU ", event.cpu,
                                     " that returned at ", Duration(event.time_ns), " with ", event.result,
                                     " is not in the program's log as it should be: ", cause, "."));
}

}  // namespace rqfuzz
