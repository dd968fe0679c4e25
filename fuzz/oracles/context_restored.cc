#include "fuzz/oracles/context_restored.h"

#include "absl/strings/str_cat.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {

void ContextRestoredOracle::OnMasks(const Event& event, Masks due, Report report) {
  std::string_view call = "release";
  if (event.kind == EventKind::kAcquireEnd) call = event.result == 0 ? "acquire" : "failed-acquire";
  if (!report.Wants(VerdictKind::kFinding)) return;
  const auto find = [&](std::string_view what, std::string_view words) {
    report.Finding(absl::StrCat(std::string(what), "-after-", std::string(call)),
                   absl::StrCat("After the ", std::string(call), " of lock ", LockName(event.lock), " on CPU ",
                                event.cpu, " at ", Duration(event.time_ns), " ", std::string(words)));
  };
  if (event.preempt_count != due.preempt_count) {
    find("preemption-count", absl::StrCat("the preemption count is ", event.preempt_count, "; it should be ",
                                          due.preempt_count, "."));
  } else if (event.interrupts_off != due.interrupts_off) {
    find("interrupt-flag", event.interrupts_off ? "interrupts are off; they should be on."
                                                : "interrupts are on; they should be off.");
  } else if (event.reschedule_due && event.depth == 0 && event.preempt_count == 0 && !event.interrupts_off) {
    find("reschedule-lost",
         "preemption and interrupts are on, but the reschedule that became due meanwhile was not carried out.");
  }
}

void ContextRestoredOracle::OnScheduled(const World& before, const Event& event, Report report) {
  if (!report.Wants(VerdictKind::kFinding)) return;
  if (event.interrupts_off) {
    report.Finding("scheduled-with-interrupts-off", absl::StrCat("CPU ", event.cpu, " is scheduled at ",
                                                                 Duration(event.time_ns), " with interrupts off."));
    return;
  }
  for (const int id : before.Entries(event.cpu)) {
    if (before.Get(id).stage != Stage::kOwning) continue;
    report.Finding("scheduled-with-lock",
                   absl::StrCat("CPU ", event.cpu, " is scheduled at ", Duration(event.time_ns),
                                " though its task owns lock ", LockName(before.Get(id).lock), "."));
    return;
  }
}

}  // namespace rqfuzz
