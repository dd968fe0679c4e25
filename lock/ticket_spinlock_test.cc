#include "lock/ticket_spinlock.h"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lock/testing/fake_kernel.h"

namespace locks {
namespace {

constexpr const EntryPoints& kEntry = locks_ticket_spinlock_entry_points;

class TicketSpinlockTest : public testing::Test {
 protected:
  kernel::FakeKernel kernel_;
  std::uint32_t lock_ = 0;
};

TEST_F(TicketSpinlockTest, OwnerHasTheTicketThatIsServed) {
  EXPECT_EQ(kEntry.raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 0x1'0000u);
  kEntry.raw_release(&lock_);
  EXPECT_EQ(lock_, 0x1'0001u);
  EXPECT_EQ(kernel_.relaxes, 0u);
  EXPECT_EQ(kernel_.calls, (std::vector<std::string>{"preempt off", "preempt on"}));
}

TEST_F(TicketSpinlockTest, WaitsForItsTurnAndNoOther) {
  lock_ = 0x2'0000;  // an owner and a waiter
  kernel_.on_relax = [&] {
    EXPECT_EQ(lock_ >> 16, 3u);
    if (kernel_.relaxes == 2) lock_ = 0x3'0001;
    if (kernel_.relaxes == 4) lock_ = 0x3'0002;
  };
  EXPECT_EQ(kEntry.raw_acquire(&lock_), 0);
  EXPECT_EQ(kernel_.relaxes, 4u);
}

TEST_F(TicketSpinlockTest, TicketsWrap) {
  lock_ = 0xffff'ffff;
  EXPECT_EQ(kEntry.raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 0x0000'ffffu);
  kEntry.raw_release(&lock_);
  EXPECT_EQ(lock_, 0u);
}

TEST_F(TicketSpinlockTest, IrqsaveRestoresInterruptsBeforePreemption) {
  unsigned long flags = 0;
  EXPECT_EQ(kEntry.irqsave_acquire(&lock_, &flags), 0);
  kEntry.irqsave_release(&lock_, flags);
  EXPECT_EQ(kernel_.calls, (std::vector<std::string>{"irq save", "preempt off", "irq restore", "preempt on"}));
}

}  // namespace
}  // namespace locks
