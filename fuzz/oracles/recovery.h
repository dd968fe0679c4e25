// Recovery: when all calls have returned and all owners have released, the lock words, the counts and the tables
// are as at start-up. Then the next acquire on every CPU takes the fast path, since nothing that it reads differs
// from the first acquire there ever was. Nothing is demanded of what a CPU that went offline was using, and of a lock
// that its caller keeps only that it is as its owner left it. After a timeout of a lock that does not recover, what
// is left is the known limit `unrepaired-timeout`.
#ifndef FUZZ_ORACLES_RECOVERY_H_
#define FUZZ_ORACLES_RECOVERY_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class RecoveryOracle {
 public:
  static constexpr std::string_view kName = "recovery";
  static constexpr EventSet kEvents = Events(EventKind::kLeftover);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report report);
  void OnEnd(const World&, Report) {}
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_RECOVERY_H_
