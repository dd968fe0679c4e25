// Context: preemption and interrupts after a call are what they were before it, plus what the lock itself keeps
// off while it is held. And a reschedule that is due is not forgotten: a release that leaves preemption and
// interrupts on has carried it out. Nobody is scheduled out who owns a lock or has interrupts off.
#ifndef FUZZ_ORACLES_CONTEXT_RESTORED_H_
#define FUZZ_ORACLES_CONTEXT_RESTORED_H_

#include <array>

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class ContextRestoredOracle {
 public:
  static constexpr std::string_view kName = "context";
  static constexpr EventSet kEvents =
      Events(EventKind::kAcquireBegin, EventKind::kAcquireEnd, EventKind::kReleaseEnd, EventKind::kScheduled);

  void Reset() { out_of_order_ = false; }
  void OnEvent(const World& before, const Event& event, Report& report);
  void OnEnd(const World&, Report&) {}

 private:
  struct Masks {
    unsigned preempt_count = 0;
    bool interrupts_off = false;
  };
  void OnScheduled(const World& before, const Event& event, Report& report) const;

  std::vector<Masks> before_acquire_;  // by the acquire's id
  bool out_of_order_ = false;          // a lock was released that was not the one acquired last
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_CONTEXT_RESTORED_H_
