// A stress run: the lock on real threads, for as long as asked.
#ifndef FUZZ_STRESS_STRESS_H_
#define FUZZ_STRESS_STRESS_H_

#include <cstdint>
#include <string>

#include "lock/lock_type.h"

namespace rqfuzz {

struct StressOptions {
  const locks::LockType* type = nullptr;  // a build with the true constants
  unsigned threads = 4;
  double seconds = 60;
  std::uint64_t seed = 1;
};

// Runs rounds until the time is over, with progress on stderr, and returns what was counted as JSON:
//   {"lock", "revision", "threads", "cores", "seconds", "rounds", "acquired", "deadlocks", "timeouts", "nmis",
//    "findings": [{"oracle", "cause", "bug", "hits", "first_s"}]}
// Ends the process if a round can be ended by nothing.
std::string RunStress(const StressOptions& options);

}  // namespace rqfuzz

#endif  // FUZZ_STRESS_STRESS_H_
