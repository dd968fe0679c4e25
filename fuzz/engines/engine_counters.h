// What the engine reads after each input: the counters of the lock's code, which the compiler makes count
// (coverage.h; AFL++ has its own), and ExtraCounters() for whatever else is worth an input's place in the corpus.
//
// One thread only: the one that plays scenarios.
#ifndef FUZZ_ENGINES_ENGINE_COUNTERS_H_
#define FUZZ_ENGINES_ENGINE_COUNTERS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace rqfuzz {

inline constexpr std::size_t kExtraCounters = 64;

// Counters beside those of the code. libFuzzer finds them by the name of their section; AFL++ gets them from
// PublishCoverage().
std::span<std::uint8_t, kExtraCounters> ExtraCounters();

// All counters at zero.
void ClearCoverage();

// Makes the engine see an execution that covered nothing. (libFuzzer's later versions let the target reject an
// input.)
void ForgetCoverage();

// To be called after each execution: under AFL++, copies the extra counters into its map and clears them.
void PublishCoverage();

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_ENGINE_COUNTERS_H_
