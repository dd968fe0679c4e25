// Error only with cause. -EDEADLK: this CPU holds or attempts the lock below, or two CPUs each name what the other
// wants, or there was no queue node to wait with. -ETIMEDOUT: the waiter's own clock ran out, or it was told so by
// the waiter ahead of it, and so on back to a head whose clock ran out.
//
// Locks whose waits have a budget of turns in place of clocks: -ETIMEDOUT after so many turns at least. -EBUSY: no
// queue node. Locks that never fail: no error.
//
// The known limits under which -EDEADLK comes without a deadlock, and those under which a deadlock is left to the
// clocks, are told apart here.
#ifndef FUZZ_ORACLES_ERROR_CAUSE_H_
#define FUZZ_ORACLES_ERROR_CAUSE_H_

#include <vector>

#include "fuzz/oracles/abba_evidence.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class ErrorCauseOracle {
 public:
  static constexpr std::string_view kName = "error-cause";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() {
    questions_.clear();
    told_.clear();
  }
  void OnEvent(const World& before, const Event& event, Report report) {
    if (event.result != 0) [[unlikely]] OnError(before, event, report);
  }
  void OnEnd(const World& world, Report report) {
    if (!questions_.empty() || !told_.empty()) [[unlikely]] OnOpenQuestions(world, report);
  }

 private:
  void OnError(const World& before, const Event& event, Report report);
  void OnOpenQuestions(const World& world, Report report);
  void OnDeadlock(const World& before, const Event& event, const Acquire& acquire, Report report);
  // For locks without clocks.
  void OnPlainError(const World& before, const Event& event, const Acquire& acquire, Report report);
  void OnTimeout(const World& before, const Event& event, int id, Report report);
  // What an -EDEADLK says that rests on this evidence.
  void JudgeDeadlock(const Event& event, const Acquire& acquire, AbbaEvidence evidence, Report report);

  std::vector<AbbaQuestion> questions_;  // answered at the end
  std::vector<int> told_;                // who was told to leave the queue, and did with an error
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_ERROR_CAUSE_H_
