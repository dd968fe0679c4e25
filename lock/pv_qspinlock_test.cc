#include "lock/pv_qspinlock.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "lock/pv_lock_table.h"
#include "lock/testing/queued_fixture.h"

namespace locks {
namespace {

class PvQspinlockTest : public QueuedTest {
 protected:
  std::uint8_t locked() const { return static_cast<std::uint8_t>(lock_); }
  PvNode& own() const { return pv_nodes(0)[0]; }
};

TEST_P(PvQspinlockTest, FastPathLeavesNothingBehind) {
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 1u);
  entry().raw_release(&lock_);
  EXPECT_EQ(lock_, 0u);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
  EXPECT_EQ(Calls("kick 0"), 0);
}

TEST_P(PvQspinlockTest, NewcomerStealsWhileOthersQueue) {
  lock_ = tail(1, 0);
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, tail(1, 0) | 1);
  EXPECT_EQ(kernel_.relaxes, 0u);
}

TEST_P(PvQspinlockTest, NobodyStealsOnceTheHeadHasSetPending) {
  lock_ = tail(1, 0) | kPending;
  kernel_.on_relax = [&] {
    own().mcs.locked = kHandedOver;
    lock_ = tail(0, 0);
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(kernel_.relaxes, 1u);  // it queued
  EXPECT_EQ(lock_, 1u);
}

TEST_P(PvQspinlockTest, HeadNotesItselfAndHaltsUntilTheReleaseKicksIt) {
  lock_ = 1;
  bool halted = false;
  kernel_.on_relax = [&] { EXPECT_EQ(lock_, tail(0, 0) | kBusy); };  // it spins with pending set
  kernel_.on_halt = [&] {
    halted = true;
    EXPECT_EQ(lock_, tail(0, 0) | kSlowValue);
    EXPECT_FALSE(kernel_.shared_area_is_zero());
    entry().raw_release(&lock_);  // by the owner
    EXPECT_EQ(Calls("kick 0"), 1);
    EXPECT_EQ(locked(), 0);
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_TRUE(halted);
  EXPECT_EQ(lock_, 1u);
  EXPECT_EQ(pv_lock_table().enter(&lock_, nullptr).node, nullptr);
  entry().raw_release(&lock_);
  EXPECT_EQ(Calls("kick 0"), 1);
}

TEST_P(PvQspinlockTest, HeadThatFindsTheLockFreeWhileNotingItselfTakesItAndDeletesTheNote) {
  lock_ = 1;
  const std::uint32_t spins_before_halt = GetParam()->bounded_spins_max;
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == spins_before_halt) lock_ &= ~0xffu;  // too late for the last look
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(lock_, 1u);
  EXPECT_EQ(Calls("halt"), 0);
  entry().raw_release(&lock_);
  EXPECT_EQ(lock_, 0u);
}

TEST_P(PvQspinlockTest, HeadNotesItselfAgainWhenTheLockIsStolen) {
  lock_ = 1;
  kernel_.on_halt = [&] {
    EXPECT_EQ(locked(), kSlowValue);
    entry().raw_release(&lock_);
    if (Calls("halt") == 1) lock_ |= 1;  // a thief
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(Calls("halt"), 2);
  EXPECT_EQ(Calls("kick 0"), 2);
  EXPECT_EQ(lock_, 1u);
}

TEST_P(PvQspinlockTest, SpuriousWakeUpsMakeNoSecondNote) {
  lock_ = 1;
  kernel_.on_halt = [&] {
    if (Calls("halt") == 3) entry().raw_release(&lock_);
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(Calls("halt"), 3);
  for (std::size_t i = 0; i < PvLockTable::kNotes; ++i) {
    const auto* notes = static_cast<const PvLockTable::Note*>(kernel::shared_area());
    EXPECT_EQ(notes[i].lock, nullptr);
  }
}

TEST_P(PvQspinlockTest, WaiterHaltsAtOnceBehindOneThatDoesNotRun) {
  lock_ = tail(1, 0) | 1;
  kernel_.preempted_cpu = 1;
  kernel_.on_halt = [&] {
    EXPECT_EQ(own().state, kHalted);
    own().mcs.locked = kHandedOver;
    own().state = kHashed;  // and the predecessor's note:
    static_cast<void>(pv_lock_table().enter(&lock_, &own()));
    lock_ = tail(0, 0) | kSlowValue;
    kernel_.on_halt = [&] { entry().raw_release(&lock_); };
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(Calls("halt"), 2);
  EXPECT_EQ(Calls("kick 0"), 1);
  EXPECT_EQ(lock_, 1u);
}

TEST_P(PvQspinlockTest, HandOverToAHaltedWaiterNotesItInsteadOfKicking) {
  lock_ = 1;
  PvNode& behind = pv_nodes(2)[0];
  behind.cpu = 2;
  kernel_.on_relax = [&] {
    lock_ = tail(2, 0) | kPending;  // free, and somebody has joined
    own().mcs.next = &behind.mcs;
    behind.state = kHalted;
  };
  EXPECT_EQ(entry().raw_acquire(&lock_), 0);
  EXPECT_EQ(behind.mcs.locked, kHandedOver);
  EXPECT_EQ(behind.state, kHashed);
  EXPECT_EQ(locked(), kSlowValue);
  EXPECT_EQ(Calls("kick 2"), 0);
  entry().raw_release(&lock_);
  EXPECT_EQ(Calls("kick 2"), 1);
  EXPECT_EQ(locked(), 0);
}

INSTANTIATE_TEST_SUITE_P(All, PvQspinlockTest, testing::ValuesIn(BuildsOf("pv_qspinlock")), BuildTestName);

}  // namespace
}  // namespace locks
