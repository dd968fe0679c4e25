#include "lock/deadlock.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "lock/testing/fake_kernel.h"

namespace locks {
namespace {

// CPU 0 holds `mine_` and attempts `word_`.
class DeadlockTest : public testing::Test {
 protected:
  static constexpr Build kBuild = {Layout::kSmall, SetPending::kFetchOr, 1, 1};
  static constexpr std::uint32_t kLockedMask = 0xff;

  DeadlockTest() {
    word_.set_locked();
    own().grab_held_lock_entry(&mine_);
    own().grab_held_lock_entry(&word_);
  }

  static HeldLocks& own() { return per_cpu(0).held; }
  bool FindsAbba() { return check_deadlock_ABBA(own(), word_, kLockedMask); }

  kernel::FakeKernel kernel_;
  LockWord<kBuild> word_ = {};
  std::uint32_t mine_ = 1;
  std::uint32_t other_ = 1;
};

TEST_F(DeadlockTest, AaIsASlotBelowTheTop) {
  EXPECT_FALSE(check_deadlock_AA(own(), &word_));
  EXPECT_TRUE(check_deadlock_AA(own(), &mine_));
  own().grab_held_lock_entry(&other_);
  EXPECT_TRUE(check_deadlock_AA(own(), &word_));
}

TEST_F(DeadlockTest, AbbaNeedsHolderThatAttemptsWhatWeHold) {
  EXPECT_FALSE(FindsAbba());
  per_cpu(2).held.grab_held_lock_entry(&word_);
  EXPECT_FALSE(FindsAbba());  // It holds ours, and attempts nothing.
  per_cpu(2).held.grab_held_lock_entry(&other_);
  EXPECT_FALSE(FindsAbba());
  per_cpu(2).held.release_held_lock_entry();
  per_cpu(2).held.grab_held_lock_entry(&mine_);
  EXPECT_TRUE(FindsAbba());
}

TEST_F(DeadlockTest, AbbaEndsWhenTheLockIsFree) {
  per_cpu(2).held.grab_held_lock_entry(&word_);
  per_cpu(2).held.grab_held_lock_entry(&mine_);
  word_.unlock();
  EXPECT_FALSE(FindsAbba());
}

TEST_F(DeadlockTest, AbbaSkipsACpuWhoseTopIsEmptyOrInvisible) {
  HeldLocks& other = per_cpu(2).held;
  other.grab_held_lock_entry(&word_);
  other.grab_held_lock_entry(&mine_);
  other.clear_top_slot();
  EXPECT_FALSE(FindsAbba());
  while (other.load_cnt() < 31) other.grab_held_lock_entry(&mine_);
  EXPECT_TRUE(FindsAbba());
  other.grab_held_lock_entry(&mine_);
  EXPECT_FALSE(FindsAbba());
}

TEST_F(DeadlockTest, AbbaIgnoresOurOwnTable) {
  own().grab_held_lock_entry(&mine_);  // Looks like a holder of `word_` that attempts `mine_`.
  EXPECT_FALSE(FindsAbba());
}

}  // namespace
}  // namespace locks
