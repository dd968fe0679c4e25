// An interleaving as a table for people: one line a step, a column for each CPU.
#ifndef FUZZ_REPORT_TRACE_TEXT_H_
#define FUZZ_REPORT_TRACE_TEXT_H_

#include <span>
#include <string>

#include "fuzz/play/player.h"

namespace rqfuzz {

// The table with its heading, each line ended. Where the CPUs' columns do not fit beside each other there is one
// column with the CPU's number instead.
std::string TraceText(std::span<const TraceLine> trace);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_TRACE_TEXT_H_
