// The machine's trace in words, one line a step.
#ifndef FUZZ_PLAY_TRACE_LINES_H_
#define FUZZ_PLAY_TRACE_LINES_H_

#include <span>
#include <string>
#include <vector>

#include "fuzz/machine/event.h"
#include "fuzz/machine/trace.h"
#include "fuzz/play/player.h"
#include "lock/lock_type.h"

namespace rqfuzz {

// `events`: of the execution that `trace` recorded. Events that only repeat what an access shows are left out.
std::vector<TraceLine> MakeTraceLines(const Trace& trace, std::span<const Event> events, const locks::LockType& type);

// "-EDEADLK", "0".
std::string ResultName(int result);
// What the event says; empty: nothing that the accesses around it do not show.
std::string EventWords(const Event& event);
// Where a kLeftover event found something, and what: "lock A 0,0,1", "cpu 1 table count 1".
std::string LeftoverText(const locks::LockType& type, const Event& left);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_TRACE_LINES_H_
