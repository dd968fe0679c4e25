// What every revision and build does alike: the paths of the lock, step by step.
#include "lock/rqspinlock.h"

#include <array>
#include <cerrno>
#include <cstdint>

#include <gtest/gtest.h>

#include "lock/testing/rqspinlock_fixture.h"

namespace locks {
namespace {

TEST_P(RqspinlockTest, FastPathLeavesNothingBehind) {
  unsigned long flags = 0;
  const auto held = [&] { return a_ == 1 && per_cpu(0).held.cnt == 1 && per_cpu(0).held.slots[0] == &a_; };
  const auto nothing = [&] { return a_ == 0 && kernel_.per_cpu_data_is_zero(); };

  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_TRUE(held());
  entry().raw_release(&a_);
  EXPECT_TRUE(nothing());
  EXPECT_EQ(entry().irqsave_acquire(&a_, &flags), 0);
  EXPECT_TRUE(held());
  entry().irqsave_release(&a_, flags);
  EXPECT_TRUE(nothing());
  EXPECT_EQ(entry().bpf_acquire(&a_), 0);
  EXPECT_TRUE(held());
  entry().bpf_release(&a_);
  EXPECT_TRUE(nothing());
  EXPECT_EQ(entry().bpf_irqsave_acquire(&a_, &flags), 0);
  EXPECT_TRUE(held());
  entry().bpf_irqsave_release(&a_, flags);
  EXPECT_TRUE(nothing());
  EXPECT_EQ(kernel_.relaxes, 0u);
}

TEST_P(RqspinlockTest, PendingWaiterTakesTheLockWhenItIsReleased) {
  a_ = 1;
  kernel_.on_relax = [&] {
    EXPECT_EQ(a_, kBusy);
    EXPECT_EQ(per_cpu(0).held.cnt, 1);
    if (kernel_.relaxes == 3) a_ = 0x100;
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(kernel_.relaxes, 3u);
  EXPECT_EQ(a_, 1u);
  EXPECT_FALSE(Called("contention begin"));
  entry().raw_release(&a_);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(RqspinlockTest, PendingWaiterGivesUpAfter250Ms) {
  a_ = 1;
  const std::uint64_t start_ns = kernel_.now_ns;
  EXPECT_EQ(entry().raw_acquire(&a_), -ETIMEDOUT);
  EXPECT_GT(ElapsedSince(start_ns), 250 * kMs);
  EXPECT_LE(ElapsedSince(start_ns), 250 * kMs + 2 * kCheckPeriod_ns);
  EXPECT_EQ(a_, 1u);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
  EXPECT_FALSE(Called("contention begin"));
}

TEST_P(RqspinlockTest, PendingHandOverIsWatchedForABoundedNumberOfTurns) {
  a_ = 0x100;
  std::uint64_t relaxes_before_queueing = 0;
  kernel_.on_contention_begin = [&] {
    relaxes_before_queueing = kernel_.relaxes;
    a_ = 0;
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(relaxes_before_queueing, GetParam()->bounded_spins_max - 1);
}

TEST_P(RqspinlockTest, PendingHandOverThatEndsIsNotQueuedFor) {
  a_ = 0x100;
  kernel_.on_relax = [&] { a_ = a_ == 0x100 ? 1 : 0x100; };  // Hands over, then releases.
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(kernel_.relaxes, 2u);
  EXPECT_EQ(a_, 1u);
  EXPECT_FALSE(Called("contention begin"));
}

TEST_P(RqspinlockTest, PendingIsUndoneWhenAQueueHasFormed) {
  a_ = 1;
  kernel_.on_slow_path = [&] { a_ = tail(1, 0) | 1; };
  std::uint32_t word_at_queueing = 0;
  kernel_.on_contention_begin = [&] {
    word_at_queueing = a_;
    a_ = 0;
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(word_at_queueing, tail(1, 0) | 1);
}

TEST_P(RqspinlockTest, PendingOfAnotherWaiterIsLeftAlone) {
  a_ = 1;
  kernel_.on_slow_path = [&] { a_ = kBusy; };
  std::uint32_t word_at_queueing = 0;
  kernel_.on_contention_begin = [&] {
    word_at_queueing = a_;
    a_ = 0;
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(word_at_queueing, kBusy);
}

TEST_P(RqspinlockTest, TracepointLeavesTheLockFreeForATrylock) {
  a_ = kBusy;
  kernel_.on_contention_begin = [&] { a_ = 0; };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(kernel_.relaxes, 0u);
  EXPECT_EQ(a_, 1u);
  EXPECT_EQ(per_cpu(0).nodes[0].count, 0);
}

TEST_P(RqspinlockTest, LoneHeadClaimsTheWholeWord) {
  a_ = kBusy;
  kernel_.on_relax = [&] {
    EXPECT_EQ(a_, tail(0, 0) | kBusy);
    EXPECT_EQ(per_cpu(0).nodes[0].count, 1);
    a_ = tail(0, 0);
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(a_, 1u);
  EXPECT_EQ(kernel_.calls,
            (std::vector<std::string>{"preempt off", "contention begin", "contention end 0"}));
  EXPECT_EQ(per_cpu(0).nodes[0].count, 0);
}

TEST_P(RqspinlockTest, HeadHandsOverToASuccessorThatLinksLate) {
  a_ = kBusy;
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == 1) a_ = tail(1, 0);  // Owner and pending are gone, CPU 1 has exchanged the tail.
    if (kernel_.relaxes == 2) {
      EXPECT_EQ(a_, tail(1, 0) | 1);
      QueueBehindCpu0(1);
    }
  };
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(kernel_.relaxes, 2u);
  EXPECT_EQ(a_, tail(1, 0) | 1);
  EXPECT_EQ(per_cpu(1).nodes[0].locked, 1);
}

TEST_P(RqspinlockTest, WaiterLinksItselfAndBecomesHead) {
  a_ = tail(1, 2) | kBusy;
  const std::uint64_t start_ns = kernel_.now_ns;
  kernel_.on_relax = [&] {
    if (kernel_.now_ns - start_ns < 2'000 * kMs) return;  // It has no clock of its own.
    if (per_cpu(0).nodes[0].locked == 0) {
      EXPECT_EQ(per_cpu(1).nodes[2].next, &per_cpu(0).nodes[0]);
      per_cpu(0).nodes[0].locked = 1;
    } else {
      a_ = tail(0, 0);
    }
  };
  kernel_.relax_ns = 10 * kMs;
  EXPECT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(a_, 1u);
}

TEST_P(RqspinlockTest, HeadAloneGivesUpAfter500Ms) {
  a_ = kBusy;
  const std::uint64_t start_ns = kernel_.now_ns;
  EXPECT_EQ(entry().raw_acquire(&a_), -ETIMEDOUT);
  EXPECT_GT(ElapsedSince(start_ns), 500 * kMs);
  EXPECT_LE(ElapsedSince(start_ns), 500 * kMs + 2 * kCheckPeriod_ns);
  EXPECT_EQ(a_, kBusy);
  EXPECT_EQ(per_cpu(0).nodes[0].count, 0);
  EXPECT_EQ(per_cpu(0).held.cnt, 0);
  EXPECT_TRUE(Called("contention end -110"));
}

TEST_P(RqspinlockTest, HeadThatTimesOutDestroysTheQueue) {
  a_ = kBusy;
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == 1) QueueBehindCpu0(1);
  };
  EXPECT_EQ(entry().raw_acquire(&a_), -ETIMEDOUT);
  EXPECT_EQ(a_, tail(1, 0) | kBusy);
  EXPECT_EQ(per_cpu(1).nodes[0].locked, 2);
}

TEST_P(RqspinlockTest, EntryStandsWhileTheLastTracepointRuns) {
  a_ = kBusy;
  int held = -1;
  kernel_.on_contention_end = [&] { held = per_cpu(0).held.cnt; };
  EXPECT_EQ(entry().raw_acquire(&a_), -ETIMEDOUT);
  EXPECT_EQ(held, 1);
}

TEST_P(RqspinlockTest, AbbaIsFoundWithinOneCheckAfterOneMs) {
  ASSERT_EQ(entry().raw_acquire(&b_), 0);
  a_ = 1;
  SetTable(3, &a_, &b_);
  const std::uint64_t start_ns = kernel_.now_ns;
  EXPECT_EQ(entry().raw_acquire(&a_), -EDEADLK);
  EXPECT_GT(ElapsedSince(start_ns), kMs);
  EXPECT_LE(ElapsedSince(start_ns), kMs + 2 * kCheckPeriod_ns);
  EXPECT_EQ(a_, 1u);
  EXPECT_EQ(per_cpu(0).held.cnt, 1);
}

TEST_P(RqspinlockTest, ScanStopsAtACpuThatNamesTheLockOutsideACycle) {
  ASSERT_EQ(entry().raw_acquire(&b_), 0);
  std::uint32_t other = 1;
  a_ = 1;
  SetTable(1, &a_, &other);  // Hides the cycle with CPU 2.
  SetTable(2, &a_, &b_);
  EXPECT_EQ(entry().raw_acquire(&a_), -ETIMEDOUT);
}

TEST_P(RqspinlockTest, LocksBeyondTheTableAreCountedAndNotSeen) {
  std::array<std::uint32_t, 34> many = {};
  for (std::uint32_t& lock : many) ASSERT_EQ(entry().raw_acquire(&lock), 0);
  EXPECT_EQ(per_cpu(0).held.cnt, 34);
  EXPECT_EQ(per_cpu(0).held.slots[30], &many[30]);
  EXPECT_EQ(entry().raw_acquire(&many[29]), -EDEADLK);
  EXPECT_EQ(entry().raw_acquire(&many[30]), -ETIMEDOUT);  // The top slot is not searched.
  EXPECT_EQ(entry().raw_acquire(&many[33]), -ETIMEDOUT);
  EXPECT_EQ(per_cpu(0).held.cnt, 34);
  for (std::size_t i = many.size(); i-- > 0;) entry().raw_release(&many[i]);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
  EXPECT_EQ(many, (std::array<std::uint32_t, 34>{}));
}

TEST_P(RqspinlockTest, ProgramsGetAReportBeforeTheContextIsRestored) {
  unsigned long flags = 0;
  ASSERT_EQ(entry().bpf_acquire(&b_), 0);
  ASSERT_EQ(entry().bpf_acquire(&a_), 0);
  kernel_.calls.clear();
  EXPECT_EQ(entry().bpf_acquire(&b_), -EDEADLK);
  EXPECT_EQ(kernel_.calls, (std::vector<std::string>{"preempt off", "report", "preempt on"}));
  EXPECT_EQ(kernel_.report.error, -EDEADLK);
  EXPECT_EQ(kernel_.report.lock, &b_);
  EXPECT_EQ(kernel_.report.held_count, 2);
  EXPECT_EQ(kernel_.reported_locks, (std::vector<const void*>{&b_, &a_}));
  kernel_.calls.clear();
  EXPECT_EQ(entry().bpf_irqsave_acquire(&b_, &flags), -EDEADLK);
  EXPECT_EQ(kernel_.calls,
            (std::vector<std::string>{"preempt off", "irq save", "report", "irq restore", "preempt on"}));
}

INSTANTIATE_TEST_SUITE_P(All, RqspinlockTest, testing::ValuesIn(AllRqspinlocks()), LockTypeTestName);

}  // namespace
}  // namespace locks
