// Looks for one bug with one strategy and one seed.
#ifndef TESTS_FIND_BUGS_HUNT_H_
#define TESTS_FIND_BUGS_HUNT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "tests/find_bugs/bug.h"
#include "tests/find_bugs/measurement.h"

namespace rqfuzz {

// Plays until the first finding or for `limit_s`, in a process of its own, so that nothing is left of other hunts.
// Empty: not found. Single-threaded callers only. Errors: the process died, of a bug in rqfuzz or of a lock that is
// more broken than the machine can bear.
absl::StatusOr<std::optional<FirstFinding>> Hunt(const Bug& bug, const std::string& strategy, std::uint64_t seed,
                                                 double limit_s);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_HUNT_H_
