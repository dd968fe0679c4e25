// Why an ABBA check may have said yes: what other CPUs' held-lock tables can have shown at the time of the check.
#ifndef FUZZ_ORACLES_ABBA_EVIDENCE_H_
#define FUZZ_ORACLES_ABBA_EVIDENCE_H_

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

// The best evidence at any moment from `since_ns` up to and including the state before `event`, which ends the
// acquire with id `id`; `before` is that state. Unless it shows the deadlock itself, which it mostly does, this goes
// through the execution a second time.
AbbaEvidence FindAbbaEvidence(const World& before, const Event& event, int id, std::uint64_t since_ns);

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_ABBA_EVIDENCE_H_
