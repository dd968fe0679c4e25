// How long the simulation takes to find the bugs that a revision is known to have: what other ways of looking for
// them are compared with.
#ifndef FUZZ_ENGINES_SIMULATED_HUNT_H_
#define FUZZ_ENGINES_SIMULATED_HUNT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lock/lock_type.h"

namespace rqfuzz {

struct HuntedBug {
  std::string name;  // of its file in corpus/upstream/ or corpus/discoveries/
  unsigned seeds_found = 0;
  std::uint64_t executions_median = 0;  // over the seeds that found it; the lower of two in the middle
  double seconds_median = 0;
};

// Draws scenarios for the lock and plays them until all that the corpus knows of its revision has been seen, or for
// `limit_s`, on one core; the same with each of the seeds [1, seeds]. Errors: the corpus cannot be read.
absl::StatusOr<std::vector<HuntedBug>> HuntInSimulation(const locks::LockType& type, unsigned seeds, double limit_s);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_SIMULATED_HUNT_H_
