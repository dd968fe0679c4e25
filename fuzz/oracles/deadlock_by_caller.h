// A rule for callers of locks that never fail: no deadlock. A cycle in the waits-for graph of a hang is the callers'
// fault; a hang without one is the lock's, and NoHangOracle's business.
#ifndef FUZZ_ORACLES_DEADLOCK_BY_CALLER_H_
#define FUZZ_ORACLES_DEADLOCK_BY_CALLER_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class DeadlockByCallerOracle {
 public:
  static constexpr std::string_view kName = "deadlock-by-caller";
  static constexpr EventSet kEvents = Events(EventKind::kHang, EventKind::kStepLimit);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report report);
  void OnEnd(const World&, Report) {}
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_DEADLOCK_BY_CALLER_H_
