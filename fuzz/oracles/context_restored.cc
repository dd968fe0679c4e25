#include "fuzz/oracles/context_restored.h"

#include "absl/strings/str_cat.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

void ContextRestoredOracle::OnEvent(const World& before, const Event& event, Report& report) {
  const auto entry_point = static_cast<EntryPoint>(event.entry_point);
  const bool saves_interrupts = entry_point == EntryPoint::kIrqsave || entry_point == EntryPoint::kBpfIrqsave;
  switch (event.kind) {
    case EventKind::kAcquireBegin: {
      const auto id = static_cast<std::size_t>(before.acquire_count());
      if (before_acquire_.size() <= id) before_acquire_.resize(id + 1);
      before_acquire_[id] = {.preempt_count = event.preempt_count, .interrupts_off = event.interrupts_off};
      return;
    }
    case EventKind::kScheduled:
      return OnScheduled(before, event, report);
    default:
      break;
  }
  const int id = before.Current(event.cpu, event.depth);
  if (id == kNobody) return;  // the release of what the caller does not own
  // A lock that is not released in reverse order leaves masks that belong to another, and so does that one then.
  if (event.kind == EventKind::kReleaseEnd) out_of_order_ |= before.Entries(event.cpu).back() != id;
  if (out_of_order_) return;
  Masks due = before_acquire_[static_cast<std::size_t>(id)];
  std::string_view call = "release";
  if (event.kind == EventKind::kAcquireEnd) {
    call = event.result == 0 ? "acquire" : "failed-acquire";
    if (event.result == 0) {
      ++due.preempt_count;
      due.interrupts_off = due.interrupts_off || saves_interrupts;
    }
  }
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

void ContextRestoredOracle::OnScheduled(const World& before, const Event& event, Report& report) const {
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
