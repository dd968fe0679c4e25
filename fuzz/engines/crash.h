// Ends the stock fuzz target on a finding, in a function named for the oracle: tools that sort crashes by their
// stack then sort them by the promise that was broken.
#ifndef FUZZ_ENGINES_CRASH_H_
#define FUZZ_ENGINES_CRASH_H_

#include <string_view>

namespace rqfuzz {

// Aborts in BrokenPromiseExclusion(), BrokenPromiseNoHang(), ...; in BrokenPromise() for a name it does not know.
[[noreturn]] void CrashFor(std::string_view oracle);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CRASH_H_
