// Who holds and wants what at the moment that an execution's verdict is about, in words: what callers and the machine
// know beside what the lock has written down.
#ifndef FUZZ_REPORT_SITUATION_H_
#define FUZZ_REPORT_SITUATION_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/oracles/waits_for.h"
#include "fuzz/report/code_position.h"
#include "fuzz/report/execution.h"

namespace rqfuzz {

// Whom a try without a place in the queue waits for: it needs the word to be 0, and this one, which it has
// interrupted, keeps it from that. kNobody: there is none. The waits-for graph knows no such waits.
int KeepsWordFromZero(const World& world, int acquire);

// The state before SituationEvent(), the lock's own memory included. The call that the verdict is about may return
// later: its violation block says what then came of it. REQUIRES: there are events.
class Situation {
 public:
  explicit Situation(const Execution& execution);

  std::uint64_t time_ns() const { return world_.now_ns(); }
  // The lock's violation block for the acquire that the verdict is about: what was attempted, and what the held-lock
  // table of its CPU says, the attempt itself included if it still stands there. Empty if the verdict is about none,
  // or the lock has no such table.
  std::string ViolationBlock() const;
  // One line for each acquire that is in progress or owns its lock, then the words of the locks concerned.
  std::string HoldersAndWaiters() const;
  // Who waits for whom, from the acquire that the verdict is about or else from the first CPU that waits. Where that
  // comes back to itself, the way back is drawn. Empty if nobody waits.
  std::string WaitsForChain() const;
  // One line for each context on that chain, and that of the call that the verdict is about: the functions of the
  // lock that it stands in, where it waits if it does. Empty if not known.
  std::string CallTraces(const CodePositions& positions) const;

  // The acquire or release that the verdict is about, in World; kNobody: it is about none.
  int about() const { return world_.Current(about_.cpu, about_.depth); }

 private:
  std::string StageText(int id) const;
  // Where the call that the verdict is about looked last; empty if nowhere.
  std::string PolledPlace() const;
  // The functions in which the context stands: where it last waited in this call, or else last accessed memory.
  std::string PlaceOf(unsigned cpu, unsigned depth, const CodePositions& positions) const;
  WaitsForPath PathOfWaits(std::size_t* cycle_begin) const;

  const Execution& execution_;
  std::size_t about_event_;  // with which the call that the verdict is about ends, or at which it hangs
  const Event& about_;       // the same
  World at_about_;           // before it
  std::size_t record_;       // of SituationEvent()
  World world_;
};

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_SITUATION_H_
