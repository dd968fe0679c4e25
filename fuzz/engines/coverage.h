// The counters of coverage of this build: what the engine reads after each execution. The lock's code is counted by
// the compiler; whatever else is worth an input's place in the corpus is counted in ExtraCounters().
//
// One thread only: the one that plays scenarios.
#ifndef FUZZ_ENGINES_COVERAGE_H_
#define FUZZ_ENGINES_COVERAGE_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace rqfuzz {

inline constexpr std::size_t kExtraCounters = 64;

// Whether this build runs under AFL++.
bool IsForAfl();

// Counters beside those of the code. libFuzzer finds them by the name of their section; AFL++ gets them from
// PublishCoverage().
std::span<std::uint8_t, kExtraCounters> ExtraCounters();

// How often each place of the lock's code was passed. Empty if this build does not count it, or is for AFL++.
std::span<std::uint8_t> CodeCounters();

// All counters at zero.
void ClearCoverage();

// Makes the engine see an execution that covered nothing. (libFuzzer's later versions let the target reject an
// input.)
void ForgetCoverage();

// To be called after each execution: under AFL++, copies the extra counters into its map and clears them.
void PublishCoverage();

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_COVERAGE_H_
