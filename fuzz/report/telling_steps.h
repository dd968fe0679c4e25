// The steps of an execution that a person needs to see: calls and what they returned, changes of lock words, queueing
// and handing over, interrupts and other faults, entries in the held-lock table that matter, and each wait as one
// step.
#ifndef FUZZ_REPORT_TELLING_STEPS_H_
#define FUZZ_REPORT_TELLING_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/report/execution.h"

namespace rqfuzz {

struct TellingStep {
  std::size_t record = 0;  // of TracedResult::records; of a wait: where it begins
  std::uint64_t time_ns = 0;
  std::uint8_t cpu = 0;
  std::uint8_t depth = 0;      // contexts below this one on its CPU
  std::string text;            // "takes A: 0,0,1", short
  bool is_decisive = false;    // a fault, an error, or what the one whom the verdict is about waits for
  bool is_verdict = false;     // here it showed that the promise was broken
  bool is_everywhere = false;  // concerns no CPU in particular
  bool begins_call = false;    // of an acquire
  bool is_detail = false;      // what comes next in its context, or the state at the verdict, says it as well
};

// In order of time. The lock's own table is followed on the CPU that the verdict is about.
std::vector<TellingStep> TellingStepsOf(const Execution& execution);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_TELLING_STEPS_H_
