// Context: preemption and interrupts after a call are what they were before it, plus what the lock itself keeps
// off while it is held. And a reschedule that is due is not forgotten: a release that leaves preemption and
// interrupts on has carried it out.
#ifndef FUZZ_ORACLES_CONTEXT_RESTORED_H_
#define FUZZ_ORACLES_CONTEXT_RESTORED_H_

#include <array>

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class ContextRestoredOracle {
 public:
  static constexpr std::string_view kName = "context";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireBegin, EventKind::kAcquireEnd,
                                             EventKind::kReleaseBegin, EventKind::kReleaseEnd);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report& report);
  void OnEnd(const World&, Report&) {}

 private:
  struct Masks {
    unsigned preempt_count = 0;
    bool interrupts_off = false;
  };
  // Before the call in progress in each context; and before the acquire of each lock that is open, by its id.
  std::array<std::array<Masks, kContextDepthMax>, kMachineCpusMax> before_;
  std::vector<Masks> before_acquire_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_CONTEXT_RESTORED_H_
