#include "lock/qspinlock.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "lock/queue_node.h"
#include "lock/testing/queued_fixture.h"

namespace locks {
namespace {

class QspinlockTest : public QueuedTest {};

TEST_P(QspinlockTest, FastPathLeavesNothingBehind) {
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 1u);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
  entry().raw_release(&lock_);
  EXPECT_EQ(lock_, 0u);
  EXPECT_EQ(kernel_.relaxes, 0u);
}

TEST_P(QspinlockTest, SecondComerWaitsAsPendingWaiterWithoutAQueueNode) {
  lock_ = 1;
  kernel_.on_relax = [&] {
    EXPECT_EQ(lock_, kBusy);
    if (kernel_.relaxes == 3) lock_ = kPending;
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 1u);
  EXPECT_EQ(Calls("contention begin"), 0);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(QspinlockTest, LoneHeadWaitsForOwnerAndPendingWaiterAndEndsTheQueue) {
  lock_ = kBusy;
  kernel_.on_relax = [&] {
    EXPECT_EQ(GetParam()->word.Tail(lock_), tail(0, 0));
    if (kernel_.relaxes == 2) lock_ = tail(0, 0) | 1;
    if (kernel_.relaxes == 4) lock_ = tail(0, 0);
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(kernel_.relaxes, 4u);
  EXPECT_EQ(lock_, 1u);
  EXPECT_EQ(queue_nodes(0)[0].count, 0);
  EXPECT_EQ(Calls("contention end 0"), 1);
}

TEST_P(QspinlockTest, WaiterIsLinkedMadeHeadAndHandsOver) {
  lock_ = tail(1, 0) | kBusy;
  QueueNode& own = queue_nodes(0)[0];
  QueueNode& behind = queue_nodes(2)[1];
  kernel_.on_relax = [&] {
    EXPECT_EQ(queue_nodes(1)[0].next, &own);
    if (kernel_.relaxes == 1) {
      lock_ = tail(2, 1) | 1;  // somebody joins behind
      own.next = &behind;
    }
    if (kernel_.relaxes == 2) own.locked = kHandedOver;
    if (kernel_.relaxes == 4) lock_ = tail(2, 1);
    EXPECT_EQ(behind.locked, 0);
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(kernel_.relaxes, 4u);
  EXPECT_EQ(lock_, tail(2, 1) | 1);
  EXPECT_EQ(behind.locked, kHandedOver);
}

TEST_P(QspinlockTest, WithoutANodeItSpinsOnTrylock) {
  lock_ = kBusy;
  queue_nodes(0)[0].count = 4;
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == 5) lock_ = 0;
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(kernel_.relaxes, 5u);
  EXPECT_EQ(lock_, 1u);
  EXPECT_EQ(queue_nodes(0)[0].count, 4);
}

INSTANTIATE_TEST_SUITE_P(All, QspinlockTest, testing::ValuesIn(BuildsOf("qspinlock")), BuildTestName);

}  // namespace
}  // namespace locks
