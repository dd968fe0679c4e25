// One execution of a scenario, with all that reports are made from, and the moment in it that they are about.
#ifndef FUZZ_REPORT_EXECUTION_H_
#define FUZZ_REPORT_EXECUTION_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "fuzz/oracles/world.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Execution {
  Scenario scenario;
  TracedResult traced;

  const Verdict& verdict() const { return traced.result.verdict; }
  const locks::LockType& lock_type() const { return *scenario.lock_type; }
};

// Longer executions do not fit into memory, nor does anybody read them.
inline constexpr std::uint64_t kExplainedStepsMax = 2'000'000;

// Plays it and keeps every step. Errors: it takes more than kExplainedStepsMax. REQUIRES: the scenario is valid.
absl::StatusOr<Execution> Execute(const Scenario& scenario);

// The event at which the verdict showed: the one that the oracle named; if it spoke only at the end, the last error
// that a caller was given, or else the last event. REQUIRES: there are events.
std::size_t DecisiveEvent(const Execution& execution);
// The event whose moment shows best who held and waited for what: where the queue of the one whom the verdict is
// about began to be destroyed; of what is left over at the end, the last error that a caller was given; or else the
// decisive event itself. REQUIRES: there are events.
std::size_t SituationEvent(const Execution& execution);
// Its record among TracedResult::records.
std::size_t RecordOfEvent(const Execution& execution, std::size_t event);
// The state before that event, time passed up to it.
World WorldBefore(const Execution& execution, std::size_t event);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_EXECUTION_H_
