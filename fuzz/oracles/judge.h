// All oracles over one execution.
#ifndef FUZZ_ORACLES_JUDGE_H_
#define FUZZ_ORACLES_JUDGE_H_

#include <span>

#include "fuzz/machine/event.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {

// The gravest thing that the oracles have to say of an execution: of all its events.
Verdict Judge(std::span<const Event> events, const WorldOptions& options);

// The names of all oracles, in the order in which they take precedence.
std::span<const std::string_view> OracleNames();

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_JUDGE_H_
