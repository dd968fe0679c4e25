#include "lock/virt_spin_lock.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "lock/testing/fake_kernel.h"

namespace locks {
namespace {

constexpr const EntryPoints& kEntry = locks_virt_spin_lock_entry_points;

TEST(VirtSpinLockTest, SetsAndClearsTheWord) {
  kernel::FakeKernel kernel;
  std::uint32_t lock = 0;
  EXPECT_EQ(kEntry.raw_acquire(&lock), 0);
  EXPECT_EQ(lock, 1u);
  kEntry.raw_release(&lock);
  EXPECT_EQ(lock, 0u);
  EXPECT_EQ(kernel.relaxes, 0u);
}

TEST(VirtSpinLockTest, WaitsUntilTheWordIsZero) {
  kernel::FakeKernel kernel;
  std::uint32_t lock = 1;
  kernel.on_relax = [&] {
    EXPECT_EQ(lock, 1u);  // a waiter writes nothing
    if (kernel.relaxes == 3) lock = 0;
  };
  EXPECT_EQ(kEntry.raw_acquire(&lock), 0);
  EXPECT_EQ(kernel.relaxes, 3u);
  EXPECT_EQ(lock, 1u);
}

}  // namespace
}  // namespace locks
