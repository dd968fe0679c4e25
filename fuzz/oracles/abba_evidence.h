// Why an ABBA check may have said yes: what other CPUs' held-lock tables can have shown at the time of the check.
#ifndef FUZZ_ORACLES_ABBA_EVIDENCE_H_
#define FUZZ_ORACLES_ABBA_EVIDENCE_H_

#include <cstdint>
#include <span>

#include "fuzz/oracles/world.h"

namespace rqfuzz {

// In rising order of how well it justifies -EDEADLK.
enum class AbbaEvidence : std::uint8_t {
  kNone,
  kTorn,          // the two entries that the check reads stood there at different times
  kUnlockWindow,  // an entry of a lock that its CPU has freed already
  kAttempt,       // an entry of a lock that is only attempted
  kDeadlock,      // each held what the other wanted
};

// An -EDEADLK that no deadlock on its own CPU explains: the acquire `id` got it at `event`, from a check that began
// at `since_ns` or later.
struct AbbaQuestion {
  const Event* event = nullptr;  // one of World::events()
  int id = 0;
  std::uint64_t since_ns = 0;
  AbbaEvidence own = AbbaEvidence::kNone;  // what its own CPU's table shows
  AbbaEvidence answer = AbbaEvidence::kNone;
};

// Whether another CPU shows the deadlock itself in this state. Mostly it does.
bool ShowsDeadlock(const World& world, int id);

// Answers with the best evidence at any moment from the question's time up to the state before its event. None if the
// lock was free all that time under the bits that the waiter waits for: the check stops at a free lock. Goes through
// the execution of `judged` a second time, once for all questions.
void AnswerAbba(const World& judged, std::span<AbbaQuestion> questions);

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_ABBA_EVIDENCE_H_
