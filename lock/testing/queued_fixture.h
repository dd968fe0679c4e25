// What the tests of the plain queued locks share: a fake kernel, a lock, and words for what other CPUs do.
#ifndef LOCK_QUEUED_FIXTURE_H_
#define LOCK_QUEUED_FIXTURE_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lock/lock_type.h"
#include "lock/testing/fake_kernel.h"

namespace locks {

// Runs a test for each build of a lock; CPU 0 is the caller, the other CPUs are played by writing what they would
// write.
class QueuedTest : public testing::TestWithParam<const LockType*> {
 protected:
  const EntryPoints& entry() const { return *GetParam()->entry_points; }

  // The tail that names a node, computed from the layout alone.
  std::uint32_t tail(unsigned cpu, unsigned index) const {
    const WordLayout& layout = GetParam()->word;
    return (cpu + 1) * (layout.tail_cpu_mask & -layout.tail_cpu_mask) +
           index * (layout.tail_index_mask & -layout.tail_index_mask);
  }

  long Calls(std::string_view call) const { return std::count(kernel_.calls.begin(), kernel_.calls.end(), call); }

  static constexpr std::uint32_t kPending = 0x100;
  static constexpr std::uint32_t kBusy = 0x101;  // owner and pending waiter: newcomers queue

  kernel::FakeKernel kernel_;
  std::uint32_t lock_ = 0;
};

inline std::vector<const LockType*> BuildsOf(std::string_view name) {
  std::vector<const LockType*> types;
  for (const LockType& type : AllLockTypes()) {
    if (type.name == name) types.push_back(&type);
  }
  return types;
}

inline std::string BuildTestName(const testing::TestParamInfo<const LockType*>& info) {
  std::string name(info.param->build);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace locks

#endif  // LOCK_QUEUED_FIXTURE_H_
