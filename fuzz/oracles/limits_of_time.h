// Own limit: a waiter with a clock returns within its limit and one check, in time in which its CPU ran it.
// Inherited limit: a waiter behind the head returns, or becomes the head, within one head's limit for each waiter
// ahead of it, plus the sections that those own, counted only while every other CPU ran what it had been running.
// What a wait lasts longer because another CPU that owes a hand-over or a link was stolen or interrupted is the
// known limit `owed-hand-over`.
#ifndef FUZZ_ORACLES_LIMITS_OF_TIME_H_
#define FUZZ_ORACLES_LIMITS_OF_TIME_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class OwnLimitOracle {
 public:
  static constexpr std::string_view kName = "own-limit";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd, EventKind::kStepLimit);

  void Reset() {}
  [[gnu::always_inline]] void OnEvent(const World& before, const Event& event, Report report) {
    if (event.kind == EventKind::kStepLimit) return OnCut(before, report);
    const Acquire& acquire = before.Get(before.Current(event.cpu, event.depth));
    if (before.WaitedInRoleNs(acquire) > kOneCheck_ns) [[unlikely]] OnWait(before, acquire, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  // Who is over its limit when the execution is cut short has broken it, whatever would have come.
  void OnCut(const World& before, Report report);
  void OnWait(const World& before, const Acquire& acquire, Report report);
};

class InheritedLimitOracle {
 public:
  static constexpr std::string_view kName = "inherited-limit";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd, EventKind::kNodeTouch);

  void Reset() {}
  [[gnu::always_inline]] void OnEvent(const World& before, const Event& event, Report report) {
    int id = before.Current(event.cpu, event.depth);
    if (event.kind == EventKind::kNodeTouch) {
      if (event.node_access != NodeAccess::kWriteLocked) return;
      id = before.NodeOwner(event.node_cpu, event.node_index);
    }
    if (id != kNobody && before.Get(id).role == WaitRole::kQueued) [[unlikely]] OnQueued(before, before.Get(id), report);
  }
  void OnEnd(const World&, Report) {}

 private:
  // The acquire's time in the queue behind its head is over.
  static void OnQueued(const World& before, const Acquire& acquire, Report report);
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_LIMITS_OF_TIME_H_
