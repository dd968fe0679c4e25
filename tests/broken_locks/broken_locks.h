// The deliberately broken locks, as lock types: rqspinlock linux-7.2 with one defect each. They say the same of
// themselves as the right lock (names, layout, contract), so that nobody who plays one can know.
#ifndef TESTS_BROKEN_LOCKS_BROKEN_LOCKS_H_
#define TESTS_BROKEN_LOCKS_BROKEN_LOCKS_H_

#include <span>
#include <string_view>

#include "fuzz/scenario/scenario.h"
#include "lock/lock_type.h"

namespace rqfuzz {

struct BrokenLock {
  std::string_view name;
  std::string_view breaks;  // in a sentence
  locks::LockType generic;
  locks::LockType large;

  // Makes the scenario use this lock, in the build "large" if it has that and in "generic" otherwise.
  void ApplyTo(Scenario& scenario) const;
};

// The right lock in the same two builds, for comparison; its name is empty.
const BrokenLock& UnbrokenLock();
// In the order of defects.txt. The memory is static.
std::span<const BrokenLock> AllBrokenLocks();

}  // namespace rqfuzz

#endif  // TESTS_BROKEN_LOCKS_BROKEN_LOCKS_H_
