// The faults of a scenario whose moments are times: which are due, and when the next one is. A storm is due again and
// again.
//
// Invariants: 1. Of `at_time_`, in the order of their times, those before `next_` have begun. 2. `storms_` are those
// that have begun and are due once more, before their ends.
// Caller: the player.
#ifndef FUZZ_PLAY_TIMED_FAULTS_H_
#define FUZZ_PLAY_TIMED_FAULTS_H_

#include <array>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

class TimedFaults {
 public:
  // Before an execution. The scenario must stay.
  void Load(const Scenario& scenario);
  // When Pass() has something to do again; kNever: not at all.
  std::uint64_t NextNs() const;
  // Calls `inject` with the index of each fault that is due at `now_ns`.
  void Pass(std::uint64_t now_ns, absl::FunctionRef<void(unsigned fault)> inject);

 private:
  struct Storm {
    std::uint8_t fault = 0;
    std::uint64_t next_ns = 0;
    std::uint64_t end_ns = 0;
  };
  const Fault& FaultAt(unsigned index) const { return scenario_->faults[index]; }
  std::uint64_t NextBeginNs() const;  // storms that have begun apart
  void PassStorms(std::uint64_t now_ns, absl::FunctionRef<void(unsigned fault)> inject);

  const Scenario* scenario_ = nullptr;
  std::array<std::uint8_t, kFaultsMax> at_time_;
  unsigned count_ = 0;
  unsigned next_ = 0;
  std::array<Storm, kHandlersMax> storms_;
  unsigned storm_count_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_TIMED_FAULTS_H_
