// One scenario on every revision of its lock, or on every lock: which of them have the bug.
#ifndef FUZZ_ENGINES_BISECT_H_
#define FUZZ_ENGINES_BISECT_H_

#include <string>
#include <vector>

#include "fuzz/engines/known_causes.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/scenario.h"
#include "lock/lock_type.h"

namespace rqfuzz {

// One row of the matrix.
struct BisectRow {
  const locks::LockType* lock_type = nullptr;
  PlayResult result;
  std::string bug;  // a finding that the catalogue has for this revision: its name there
};

// Oldest revision first, in the scenario's build, or, where a lock does not have that, in its first. With
// `all_locks` the other locks follow.
std::vector<BisectRow> Bisect(const Scenario& scenario, const KnownCauses& upstream, bool all_locks);

// "linux-6.17  finding no-hang head-waits-without-a-clock (lone-head)", one line a row, columns aligned.
std::string BisectText(const std::vector<BisectRow>& rows);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_BISECT_H_
