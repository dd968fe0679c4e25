#include "tests/broken_locks/broken_locks.h"

#include <vector>

#include "fuzz/check.h"
#include "tests/broken_locks/broken_lock_row.h"

namespace rqfuzz {
namespace {

const locks::LockType& RightLock(std::string_view build) {
  const locks::LockType* type = locks::FindLockType("rqspinlock", "linux-7.2", build);
  RQFUZZ_CHECK(type != nullptr);
  return *type;
}

std::vector<BrokenLock> MakeAll() {
  std::vector<BrokenLock> all;
  for (const BrokenLockRow& row : BrokenLockRows()) {
    BrokenLock lock = UnbrokenLock();
    lock.name = row.name;
    lock.breaks = row.breaks;
    lock.generic.entry_points = &row.entry_points[0];
    lock.large.entry_points = &row.entry_points[1];
    all.push_back(lock);
  }
  return all;
}

}  // namespace

void BrokenLock::ApplyTo(Scenario& scenario) const {
  scenario.lock_type = scenario.lock_type->build == large.build ? &large : &generic;
}

const BrokenLock& UnbrokenLock() {
  static const BrokenLock lock{.generic = RightLock("generic"), .large = RightLock("large")};
  return lock;
}

std::span<const BrokenLock> AllBrokenLocks() {
  static const std::vector<BrokenLock> all = MakeAll();
  return all;
}

}  // namespace rqfuzz
