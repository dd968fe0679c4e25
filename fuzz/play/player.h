// Plays a scenario on the machine and has the oracles judge it. The one door through which engines, the
// minimiser and the command line run a lock.
//
// Not thread-safe: a process has one machine. A function of its argument alone.
#ifndef FUZZ_PLAY_PLAYER_H_
#define FUZZ_PLAY_PLAYER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/machine/event.h"
#include "fuzz/machine/trace.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/oracles/world.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct PlayResult {
  Verdict verdict;
  std::uint64_t steps = 0;       // scheduling points
  std::uint64_t virtual_ns = 0;  // virtual time when everything had ended
};

// One step of an execution, for people. Values are what memory held before and after.
struct TraceLine {
  std::uint64_t step = 0;
  std::uint64_t time_ns = 0;
  std::uint8_t cpu = 0;
  std::uint8_t depth = 0;    // contexts below this one on its CPU
  std::string context;       // "task", "softirq", "hardirq", "nmi"
  std::string action;        // "load", "store", "rmw", "acquire", "returns -EDEADLK", "nmi begins", ...
  std::string location;      // "lock A", "cpu 1 table slot 0"; empty when not a memory access
  std::string old_value;     // lock words as "tail,pending,locked", pointers by name
  std::string new_value;     // the same as old_value if nothing changed
  bool is_access = false;    // old_value and new_value are meant
  std::uint32_t record = 0;  // of TracedResult::records
};

struct TracedResult {
  PlayResult result;
  std::uint64_t trace_hash = 0;
  // Empty unless asked for: the steps in words, what the machine recorded of them, and the events.
  std::vector<TraceLine> trace;
  std::vector<TraceRecord> records;
  std::vector<Event> events;
};

// What the oracles are told of the machine on which the scenario is played.
WorldOptions WorldOptionsOf(const Scenario& scenario);

// What a schedule chooser decided: at this access, or while its context waited just before it, `cpu` was to go on.
struct Choice {
  Moment moment;
  std::uint8_t cpu = 0;
  bool is_default = false;  // as would have been without a chooser
};

// REQUIRES: the scenario is valid.
PlayResult Play(const Scenario& scenario);
// The same; `choices` is given what the scenario's chooser decided, in order.
PlayResult PlayRecordingChoices(const Scenario& scenario, std::vector<Choice>& choices);
// The same, slowly: no look for deadlocks is skipped in which nothing new could be found (fuzz/machine/idle.cc). For the
// test that says so.
PlayResult PlayWithoutSkipping(const Scenario& scenario);
// The same execution, with every step hashed and, if `keep_trace`, kept.
TracedResult PlayTraced(const Scenario& scenario, bool keep_trace);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_PLAYER_H_
