// What break_locks writes for each defect while the project is built.
#ifndef TESTS_BROKEN_LOCKS_BROKEN_LOCK_ROW_H_
#define TESTS_BROKEN_LOCKS_BROKEN_LOCK_ROW_H_

#include <span>
#include <string_view>

#include "lock/lock_type.h"

namespace rqfuzz {

struct BrokenLockRow {
  std::string_view name;
  std::string_view breaks;
  const locks::EntryPoints* entry_points;  // of the builds "generic" and "large"
};

// One for each defect, in the order of the table.
std::span<const BrokenLockRow> BrokenLockRows();

}  // namespace rqfuzz

#endif  // TESTS_BROKEN_LOCKS_BROKEN_LOCK_ROW_H_
