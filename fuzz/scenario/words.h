// The words of the text form, for its reader, its printer, and for reports that speak of the same things.
#ifndef FUZZ_SCENARIO_WORDS_H_
#define FUZZ_SCENARIO_WORDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// "A" ... "Z", "L26" ... "L39".
std::string LockName(unsigned lock);
// The lock with that name, below kLocksMax; otherwise nothing.
std::optional<unsigned> LockWithName(std::string_view name);

// "acquire", "release", "work", "stray-release".
std::string_view OperationWord(OperationKind kind);
// "irqsave", "bpf", "bpf-irqsave"; empty for the plain entry point, which has no word.
std::string_view EntryPointWord(EntryPoint entry_point);
// "switch", "nmi", "hardirq", "softirq", "steal", "reschedule", "offline", "clock-jump",
// "program", "task", "spurious-failure", "corruption".
std::string_view FaultWord(FaultKind kind);

// The same of every kind, in its order.
std::span<const std::string_view> FaultWords();
// "switches", "uniform", "pct", "pos", "surw", in the order of their kinds.
std::span<const std::string_view> ScheduleWords();
// "contention-begin", "contention-end". REQUIRES: a tracepoint.
std::string_view TracepointWord(MomentKind kind);

// "next", "locked", "count". REQUIRES: a field of a node.
std::string_view NodeFieldWord(CorruptedPlace place);

// In the largest unit that keeps it whole: "0ns", "10us", "1500us", "2s".
std::string DurationText(std::uint64_t duration_ns);
// The unit called "ns", "us", "ms" or "s", in nanoseconds; otherwise nothing.
std::optional<std::uint64_t> UnitWithName_ns(std::string_view name);

// The candidate with the fewest letters to change, if those are few; otherwise empty.
std::string_view NearestWord(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_WORDS_H_
