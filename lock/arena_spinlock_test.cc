#include "lock/arena_spinlock.h"

#include <cerrno>
#include <cstdint>

#include <gtest/gtest.h>

#include "lock/queue_node.h"
#include "lock/testing/queued_fixture.h"

namespace locks {
namespace {

class ArenaSpinlockTest : public QueuedTest {};

TEST_P(ArenaSpinlockTest, FastPathLeavesNothingBehind) {
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 1u);
  entry().raw_release(&lock_);
  EXPECT_EQ(lock_, 0u);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(ArenaSpinlockTest, PendingWaiterThatGivesUpLeavesPendingSet) {
  lock_ = 1;
  EXPECT_EQ(entry().raw_acquire(&lock_), -ETIMEDOUT);
  EXPECT_EQ(kernel_.relaxes, kArenaSpinBudget);
  EXPECT_EQ(lock_, kBusy);
  EXPECT_EQ(Calls("preempt on"), 1);
}

TEST_P(ArenaSpinlockTest, HeadThatGivesUpLeavesTheTailAndItsCountIsLowered) {
  lock_ = kBusy;
  EXPECT_EQ(entry().raw_acquire(&lock_), -ETIMEDOUT);
  EXPECT_EQ(lock_, tail(0, 0) | kBusy);
  EXPECT_EQ(queue_nodes(0)[0].count, 0);
}

TEST_P(ArenaSpinlockTest, WaiterThatGivesUpStaysLinked) {
  lock_ = tail(1, 0) | 1;
  EXPECT_EQ(entry().raw_acquire(&lock_), -ETIMEDOUT);
  EXPECT_EQ(queue_nodes(1)[0].next, &queue_nodes(0)[0]);
  EXPECT_EQ(lock_, tail(0, 0) | 1);
  EXPECT_EQ(queue_nodes(0)[0].count, 0);
}

TEST_P(ArenaSpinlockTest, WaitForNextThatRunsOutLeavesTheLockLockedWithNoOwner) {
  lock_ = kBusy;
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == 1) lock_ = tail(2, 0);  // free, and somebody has joined but does not link itself
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), -ETIMEDOUT);
  EXPECT_EQ(lock_, tail(2, 0) | 1);
}

TEST_P(ArenaSpinlockTest, HeadHandsOver) {
  lock_ = kBusy;
  kernel_.on_relax = [&] {
    lock_ = tail(2, 0);
    queue_nodes(0)[0].next = &queue_nodes(2)[0];
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, tail(2, 0) | 1);
  EXPECT_EQ(queue_nodes(2)[0].locked, kHandedOver);
}

TEST_P(ArenaSpinlockTest, MoreThanFourLevelsAreBusy) {
  lock_ = kBusy;
  queue_nodes(0)[0].count = 4;
  EXPECT_EQ(entry().raw_acquire(&lock_), -EBUSY);
  EXPECT_EQ(queue_nodes(0)[0].count, 4);
  EXPECT_EQ(lock_, kBusy);
}

TEST_P(ArenaSpinlockTest, CpusWithoutNodesAreNotSupported) {
  kernel_.cpu = 1024;
  EXPECT_EQ(entry().raw_acquire(&lock_), -EOPNOTSUPP);
  EXPECT_EQ(lock_, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, ArenaSpinlockTest, testing::ValuesIn(BuildsOf("arena_spinlock")), BuildTestName);

}  // namespace
}  // namespace locks
