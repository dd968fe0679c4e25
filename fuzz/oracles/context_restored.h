// Context: preemption and interrupts after a call are what they were before it, plus what the lock itself keeps
// off while it is held. And a reschedule that is due is not forgotten: a release that leaves preemption and
// interrupts on has carried it out. Nobody is scheduled out who owns a lock or has interrupts off.
#ifndef FUZZ_ORACLES_CONTEXT_RESTORED_H_
#define FUZZ_ORACLES_CONTEXT_RESTORED_H_

#include "fuzz/oracles/oracle.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

class ContextRestoredOracle {
 public:
  static constexpr std::string_view kName = "context";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd, EventKind::kReleaseEnd, EventKind::kScheduled);

  void Reset() { out_of_order_ = false; }
  [[gnu::always_inline]] void OnEvent(const World& before, const Event& event, Report report) {
    if (event.kind == EventKind::kScheduled) return OnScheduled(before, event, report);
    const int id = before.Current(event.cpu, event.depth);
    if (id == kNobody) [[unlikely]] return;  // the release of what the caller does not own
    // A lock that is not released in reverse order leaves masks that belong to another, and so does that one then.
    if (event.kind == EventKind::kReleaseEnd) out_of_order_ |= before.Entries(event.cpu).back() != id;
    if (out_of_order_) [[unlikely]] return;
    const Masks due = DueAfter(event, before.Get(id));
    const bool is_right = event.preempt_count == due.preempt_count && event.interrupts_off == due.interrupts_off;
    if (!is_right || event.reschedule_due) [[unlikely]] OnMasks(event, due, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  struct Masks {
    unsigned preempt_count = 0;
    bool interrupts_off = false;
  };
  // What is due after this return from the acquire or its release.
  static Masks DueAfter(const Event& event, const Acquire& acquire) {
    Masks due = {.preempt_count = acquire.preempt_count, .interrupts_off = acquire.interrupts_off};
    if (event.kind != EventKind::kAcquireEnd || event.result != 0) return due;
    const auto entry_point = static_cast<EntryPoint>(event.entry_point);
    const bool saves_interrupts = entry_point == EntryPoint::kIrqsave || entry_point == EntryPoint::kBpfIrqsave;
    return {.preempt_count = due.preempt_count + 1, .interrupts_off = due.interrupts_off || saves_interrupts};
  }
  static void OnMasks(const Event& event, Masks due, Report report);
  static void OnScheduled(const World& before, const Event& event, Report report);

  bool out_of_order_ = false;  // a lock was released that was not the one acquired last
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_CONTEXT_RESTORED_H_
