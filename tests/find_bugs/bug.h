// What `rqfuzz bench find-bugs` looks for: a bug of the catalogue in a revision that has it, or a deliberately broken
// lock.
#ifndef TESTS_FIND_BUGS_BUG_H_
#define TESTS_FIND_BUGS_BUG_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/scenario/scenario.h"
#include "tests/broken_locks/broken_locks.h"

namespace rqfuzz {

struct Bug {
  std::string name;
  bool is_real = false;                        // of the catalogue
  const locks::LockType* lock_type = nullptr;  // any build
  const BrokenLock* broken = nullptr;          // null if real
  KnownCauses known;                           // broken: what the right lock does as well
  std::string oracle;                          // real: what the finding is
  std::string cause;

  // Makes a scenario that was drawn for `lock_type` one for this bug.
  void ApplyTo(Scenario& scenario) const;
  // A broken lock is found by any finding that corpus/discoveries/ does not have of the right lock.
  bool IsFoundBy(const Verdict& verdict) const;
};

// The bugs of corpus/upstream/, each in the revision of its file's own `lock` line. Errors: a file that cannot be
// read or that expects no finding there.
absl::StatusOr<std::vector<Bug>> RealBugs();
// One for each broken lock. Errors: corpus/discoveries/ cannot be read.
absl::StatusOr<std::vector<Bug>> BrokenBugs();
// The right lock in the place of a broken one.
absl::StatusOr<Bug> NoBug();

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_BUG_H_
