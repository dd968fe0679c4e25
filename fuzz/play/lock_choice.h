// Which lock, in which revision, an engine or a command plays: scenarios say one themselves, and this
// replaces it.
//
// Invariants: 1. There is at least one row, all of one lock and one revision, in the order of AllLockTypes().
#ifndef FUZZ_PLAY_LOCK_CHOICE_H_
#define FUZZ_PLAY_LOCK_CHOICE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/scenario/scenario.h"
#include "lock/lock_type.h"

namespace rqfuzz {

class LockChoice {
 public:
  // An empty `lock` means rqspinlock, an empty `revision` the newest. Errors: no such lock or revision; the
  // message lists those that there are.
  static absl::StatusOr<LockChoice> Find(std::string_view lock, std::string_view revision);

  // Its first row, for whoever does not care about builds.
  const locks::LockType& type() const { return *rows_.front(); }
  // "rqspinlock linux-7.2".
  std::string Name() const;

  // Makes the scenario use this lock and revision, in the build that it has already or, where that does not
  // exist, in the first one.
  void ApplyTo(Scenario& scenario) const;

 private:
  explicit LockChoice(std::vector<const locks::LockType*> rows) : rows_(std::move(rows)) {}

  std::vector<const locks::LockType*> rows_;
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_LOCK_CHOICE_H_
