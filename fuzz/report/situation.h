// Who holds and wants what at one moment of an execution, in words: what callers and the machine know beside what the
// lock has written down.
#ifndef FUZZ_REPORT_SITUATION_H_
#define FUZZ_REPORT_SITUATION_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "fuzz/report/code_position.h"
#include "fuzz/report/execution.h"

namespace rqfuzz {

// The state before an event, the lock's own memory included.
class Situation {
 public:
  Situation(const Execution& execution, std::size_t event);

  // The lock's violation block for the acquire or release that the event is about: what was attempted, and what the
  // held-lock table of its CPU says, the attempt itself included if it still stands there. Empty if the event is
  // about none, or the lock has no such table.
  std::string ViolationBlock() const;
  // One line for each acquire that is in progress or owns its lock, then the words of the locks concerned.
  std::string HoldersAndWaiters() const;
  // Who waits for whom, from the acquire that the event is about or else from the first CPU that waits, and where
  // that comes back to itself; empty if nobody waits.
  std::string WaitsForChain() const;
  // One line for each context that has begun a call: the functions of the lock that it stands in. Empty if not known.
  std::string CallTraces(const CodePositions& positions) const;

  const World& world() const { return world_; }

 private:
  std::string StageText(int id) const;
  int CurrentAcquire() const { return world_.Current(event_.cpu, event_.depth); }

  const Execution& execution_;
  const Event& event_;
  std::size_t record_;  // of the event
  World world_;
};

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_SITUATION_H_
