// What the tests of the resilient queued spinlock share: a fake kernel, a lock, and words for what other CPUs do.
#ifndef LOCK_RQSPINLOCK_FIXTURE_H_
#define LOCK_RQSPINLOCK_FIXTURE_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "lock/testing/fake_kernel.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"
#include "lock/per_cpu.h"

namespace locks {

inline constexpr std::uint64_t kMs = 1'000'000;  // in nanoseconds
// Time between two looks of a wait at the clock, in every build.
inline constexpr std::uint64_t kCheckPeriod_ns = 655'360;

// The revisions in the order of their release; what was posted on top of the last comes after it.
enum RevisionOrder { k6_15, k6_17, k6_18_stable, k6_19, k7_0, k7_2, kPosted };

// Runs a test for each revision and build; CPU 0 is the caller, the other CPUs are played by writing what they
// would write.
class RqspinlockTest : public testing::TestWithParam<const LockType*> {
 protected:
  RqspinlockTest() {
    kernel_.relax_ns = std::max<std::uint64_t>(1, kCheckPeriod_ns / GetParam()->spins_per_check);
  }

  const EntryPoints& entry() const { return *GetParam()->entry_points; }
  const WordLayout& layout() const { return GetParam()->word; }

  static RevisionOrder revision() {
    constexpr std::array<std::string_view, 7> kNames = {
        "linux-6.15", "linux-6.17", "linux-6.18-stable",     "linux-6.19",
        "linux-7.0",  "linux-7.2",  "posted-wait-conversion"};
    const auto found = std::find(kNames.begin(), kNames.end(), GetParam()->revision);
    return static_cast<RevisionOrder>(found - kNames.begin());
  }

  // The tail that names a node, computed from the layout alone.
  std::uint32_t tail(unsigned cpu, unsigned index) const {
    return (cpu + 1) * (layout().tail_cpu_mask & -layout().tail_cpu_mask) +
           index * (layout().tail_index_mask & -layout().tail_index_mask);
  }

  // Makes CPU `cpu` the holder of `held` that attempts `attempted`, in its table.
  static void SetTable(unsigned cpu, const void* held, const void* attempted) {
    HeldLocks& table = per_cpu(cpu).held;
    table.cnt = 2;
    table.slots[0] = held;
    table.slots[1] = attempted;
  }

  // CPU `cpu` queues behind the tail of `a_` and links itself to CPU 0's first node.
  void QueueBehindCpu0(unsigned cpu) {
    a_ = (a_ & ~(layout().tail_cpu_mask | layout().tail_index_mask)) | tail(cpu, 0);
    per_cpu(0).nodes[0].next = &per_cpu(cpu).nodes[0];
  }

  bool Called(std::string_view call) const {
    return std::find(kernel_.calls.begin(), kernel_.calls.end(), call) != kernel_.calls.end();
  }

  std::uint64_t ElapsedSince(std::uint64_t start_ns) const { return kernel_.now_ns - start_ns; }

  static constexpr std::uint32_t kBusy = 0x101;  // owner and pending waiter: newcomers queue

  kernel::FakeKernel kernel_;
  std::uint32_t a_ = 0;  // a lock
  std::uint32_t b_ = 0;
};

inline std::vector<const LockType*> AllRqspinlocks() {
  std::vector<const LockType*> types;
  for (const LockType& type : AllLockTypes()) {
    if (type.name == "rqspinlock") types.push_back(&type);
  }
  return types;
}

inline std::string LockTypeTestName(const testing::TestParamInfo<const LockType*>& info) {
  std::string name = std::string(info.param->revision) + "_" + std::string(info.param->build);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

}  // namespace locks

#endif  // LOCK_RQSPINLOCK_FIXTURE_H_
