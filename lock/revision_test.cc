// What the revisions do differently: each switch of the table, seen from outside.
#include "lock/revision.h"

#include <sys/mman.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lock/testing/rqspinlock_fixture.h"

namespace locks {
namespace {

// A lock on a page of its own that can be made read-only: the first write to it then stops the lock's code for a
// look at the held-lock table, as an NMI would, and goes on.
class WatchedLock {
 public:
  WatchedLock() {
    page_ = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {};
    action.sa_handler = &WatchedLock::OnWrite;
    ::sigaction(SIGSEGV, &action, &old_action_);
    watched_ = page_;
  }
  ~WatchedLock() {
    ::sigaction(SIGSEGV, &old_action_, nullptr);
    ::munmap(page_, kPageBytes);
  }
  WatchedLock(const WatchedLock&) = delete;
  WatchedLock& operator=(const WatchedLock&) = delete;

  void* lock() const { return page_; }
  void WatchNextWrite() {
    seen_ = false;
    ::mprotect(page_, kPageBytes, PROT_READ);
  }
  // Whether the table of CPU 0 named the lock when the write came.
  bool TableNamedLock() const { return seen_ && named_; }
  bool Seen() const { return seen_; }

 private:
  static constexpr std::size_t kPageBytes = 4096;

  static void OnWrite(int) {
    const HeldLocks& held = per_cpu(0).held;
    named_ = held.cnt == 1 && held.slots[0] == watched_;
    seen_ = true;
    ::mprotect(watched_, kPageBytes, PROT_READ | PROT_WRITE);
  }

  static inline void* watched_ = nullptr;
  static inline bool seen_ = false;
  static inline bool named_ = false;
  void* page_ = nullptr;
  struct sigaction old_action_ = {};
};

class RevisionTest : public RqspinlockTest {};

TEST_P(RevisionTest, EntryIsGrabbedBeforeTheCasSince6_18) {
  WatchedLock watched;
  watched.WatchNextWrite();
  ASSERT_EQ(entry().raw_acquire(watched.lock()), 0);
  ASSERT_TRUE(watched.Seen());
  EXPECT_EQ(watched.TableNamedLock(), revision() >= k6_18_stable);
  entry().raw_release(watched.lock());
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(RevisionTest, SlotOutlivesTheReleaseStoreSince6_18) {
  WatchedLock watched;
  ASSERT_EQ(entry().raw_acquire(watched.lock()), 0);
  watched.WatchNextWrite();
  entry().raw_release(watched.lock());
  ASSERT_TRUE(watched.Seen());
  EXPECT_EQ(watched.TableNamedLock(), revision() >= k6_18_stable);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(RevisionTest, WaiterForAPendingHandOverHasNoEntryBefore6_18) {
  a_ = 0x100;
  int held = -1;
  kernel_.on_relax = [&] {
    if (a_ == 0x100) held = per_cpu(0).held.cnt;
    a_ = 0;
  };
  ASSERT_EQ(entry().raw_acquire(&a_), 0);
  EXPECT_EQ(held, revision() >= k6_18_stable ? 1 : 0);
  EXPECT_EQ(per_cpu(0).held.cnt, 1);
}

TEST_P(RevisionTest, AaIsFoundAtOnceSince6_19AndAfterOneMsBefore) {
  ASSERT_EQ(entry().raw_acquire(&a_), 0);
  const std::uint64_t start_ns = kernel_.now_ns;
  EXPECT_EQ(entry().raw_acquire(&a_), -EDEADLK);
  if (revision() >= k6_19) {
    EXPECT_EQ(kernel_.relaxes, 0u);
  } else {
    EXPECT_GT(ElapsedSince(start_ns), kMs);
    EXPECT_LE(ElapsedSince(start_ns), kMs + 2 * kCheckPeriod_ns);
  }
  EXPECT_EQ(a_, 1u);
  EXPECT_EQ(per_cpu(0).held.cnt, 1);
  entry().raw_release(&a_);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(RevisionTest, AaIsLookedForBeforeQueueingSince6_19) {
  ASSERT_EQ(entry().raw_acquire(&a_), 0);
  a_ = kBusy;
  EXPECT_EQ(entry().raw_acquire(&a_), -EDEADLK);
  EXPECT_EQ(Called("contention begin"), revision() < k6_19);
  EXPECT_EQ(kernel_.relaxes == 0, revision() >= k6_19);
  EXPECT_EQ(a_, kBusy);
  EXPECT_EQ(per_cpu(0).held.cnt, 1);
}

// An NMI that finds the lock busy; `nodes_in_use` by the contexts that it interrupted.
class NmiTest : public RevisionTest {
 protected:
  // Returns the error; `queued_` tells whether it ever showed up as the tail.
  int AcquireInNmi(int nodes_in_use) {
    kernel_.nmi = true;
    per_cpu(0).nodes[0].count = nodes_in_use;
    a_ = kBusy;
    start_ns_ = kernel_.now_ns;
    kernel_.on_relax = [&] { queued_ = queued_ || layout().Tail(a_) != 0; };
    const int error = entry().raw_acquire(&a_);
    EXPECT_EQ(per_cpu(0).nodes[0].count, nodes_in_use);
    EXPECT_EQ(per_cpu(0).held.cnt, 0);
    EXPECT_EQ(a_, kBusy);
    return error;
  }

  bool queued_ = false;
  std::uint64_t start_ns_ = 0;
};

TEST_P(NmiTest, OnAWaiterQueuesOnlyIn6_15) {
  const int error = AcquireInNmi(1);
  EXPECT_EQ(queued_, revision() == k6_15);
  EXPECT_EQ(error, revision() >= k6_19 ? -EDEADLK : -ETIMEDOUT);
  if (revision() >= k6_19) {
    EXPECT_EQ(kernel_.relaxes, 0u);
  } else {
    const std::uint64_t limit_ns = (revision() == k6_15 ? 500 : 250) * kMs;
    EXPECT_GT(ElapsedSince(start_ns_), limit_ns);
    EXPECT_LE(ElapsedSince(start_ns_), limit_ns + 2 * kCheckPeriod_ns);
  }
}

TEST_P(NmiTest, WithoutAWaiterBelowQueuesExceptIn6_17) {
  EXPECT_EQ(AcquireInNmi(0), -ETIMEDOUT);
  EXPECT_EQ(queued_, revision() != k6_17);
}

TEST_P(RevisionTest, WithoutANodeItSpinsOnTrylockBefore6_19) {
  per_cpu(0).nodes[0].count = 4;
  a_ = kBusy;
  const std::uint64_t start_ns = kernel_.now_ns;
  EXPECT_EQ(entry().raw_acquire(&a_), revision() >= k6_19 ? -EDEADLK : -ETIMEDOUT);
  if (revision() >= k6_19) {
    EXPECT_EQ(kernel_.relaxes, 0u);
  } else {
    EXPECT_GT(ElapsedSince(start_ns), 250 * kMs);
    EXPECT_LE(ElapsedSince(start_ns), 250 * kMs + 2 * kCheckPeriod_ns);
  }
  EXPECT_EQ(per_cpu(0).nodes[0].count, 4);

  kernel_.on_relax = [&] { a_ = 0; };
  EXPECT_EQ(entry().raw_acquire(&a_), revision() >= k6_19 ? -EDEADLK : 0);
}

// CPU 0 owns B and heads the queue of A; CPU 1 owns A and attempts B.
TEST_P(RevisionTest, HeadInADeadlockSparesTheQueueSince6_19) {
  ASSERT_EQ(entry().raw_acquire(&b_), 0);
  a_ = kBusy;
  SetTable(1, &a_, &b_);
  kernel_.on_relax = [&] {
    if (kernel_.relaxes == 1) QueueBehindCpu0(2);
  };
  EXPECT_EQ(entry().raw_acquire(&a_), -EDEADLK);
  EXPECT_EQ(per_cpu(2).nodes[0].locked, revision() >= k6_19 ? 1 : 2);
  EXPECT_EQ(a_, tail(2, 0) | kBusy);
  EXPECT_EQ(per_cpu(0).held.cnt, 1);
}

TEST_P(RevisionTest, LoneHeadInADeadlockWaitsForASuccessorIn6_19And7_0) {
  ASSERT_EQ(entry().raw_acquire(&b_), 0);
  a_ = kBusy;
  SetTable(1, &a_, &b_);
  const std::uint64_t start_ns = kernel_.now_ns;
  kernel_.on_relax = [&] {
    if (kernel_.now_ns - start_ns > 2'000 * kMs) QueueBehindCpu0(2);
  };
  EXPECT_EQ(entry().raw_acquire(&a_), -EDEADLK);
  if (revision() == k6_19 || revision() == k7_0) {
    EXPECT_GT(ElapsedSince(start_ns), 2'000 * kMs);
    EXPECT_EQ(per_cpu(2).nodes[0].locked, 1);
  } else {
    EXPECT_LE(ElapsedSince(start_ns), kMs + 2 * kCheckPeriod_ns);
    EXPECT_EQ(a_, kBusy);
  }
}

TEST_P(RevisionTest, DestroyedWaitersGetATimeoutSince6_19) {
  a_ = tail(1, 0) | kBusy;
  kernel_.on_relax = [&] { per_cpu(0).nodes[0].locked = 2; };
  EXPECT_EQ(entry().raw_acquire(&a_), revision() >= k6_19 ? -ETIMEDOUT : -EDEADLK);
  EXPECT_EQ(kernel_.relaxes, 1u);
  EXPECT_EQ(a_, kBusy);
  EXPECT_EQ(per_cpu(0).held.cnt, 0);
  EXPECT_EQ(per_cpu(0).nodes[0].count, 0);
}

TEST_P(RevisionTest, TestAndSetPathLeaksAnEntryIn6_18And6_19) {
  kernel_.virtual_machine = true;
  a_ = 1;
  kernel_.on_relax = [&] {
    EXPECT_EQ(a_, 1u);  // Neither pending nor tail.
    a_ = 0;
  };
  const int error = entry().raw_acquire(&a_);
  if (revision() == k6_19) {  // The second entry makes the first one look like AA.
    EXPECT_EQ(error, -EDEADLK);
    EXPECT_EQ(kernel_.relaxes, 0u);
    EXPECT_EQ(per_cpu(0).held.cnt, 1);
    return;
  }
  EXPECT_EQ(error, 0);
  EXPECT_EQ(per_cpu(0).held.cnt, revision() == k6_18_stable ? 2 : 1);
  entry().raw_release(&a_);
  EXPECT_EQ(per_cpu(0).held.cnt, revision() == k6_18_stable ? 1 : 0);
  EXPECT_EQ(a_, 0u);
}

TEST_P(RevisionTest, TestAndSetPathThatNeverWaitsLeaksAnEntryToo) {
  kernel_.virtual_machine = true;
  a_ = 1;
  kernel_.on_slow_path = [&] { a_ = 0; };
  ASSERT_EQ(entry().raw_acquire(&a_), 0);
  entry().raw_release(&a_);
  EXPECT_EQ(per_cpu(0).held.cnt, revision() == k6_18_stable || revision() == k6_19 ? 1 : 0);
}

TEST_P(RevisionTest, TestAndSetPathGivesUpAfterOneSecond) {
  kernel_.virtual_machine = true;
  a_ = 1;
  const std::uint64_t start_ns = kernel_.now_ns;
  const int error = entry().raw_acquire(&a_);
  if (revision() == k6_18_stable || revision() == k6_19) {
    EXPECT_EQ(error, -EDEADLK);
    EXPECT_EQ(ElapsedSince(start_ns) > kMs, revision() == k6_18_stable);
    return;
  }
  EXPECT_EQ(error, -ETIMEDOUT);
  EXPECT_GT(ElapsedSince(start_ns), 1'000 * kMs);
  EXPECT_LE(ElapsedSince(start_ns), 1'000 * kMs + 2 * kCheckPeriod_ns);
  EXPECT_TRUE(kernel_.per_cpu_data_is_zero());
}

TEST_P(RevisionTest, IrqsaveRestoresInterruptsFirstSince7_2) {
  using Calls = std::vector<std::string>;
  const Calls restore = revision() >= k7_2 ? Calls{"irq restore", "preempt on"} : Calls{"preempt on", "irq restore"};
  unsigned long flags = 0;
  ASSERT_EQ(entry().irqsave_acquire(&a_, &flags), 0);
  EXPECT_EQ(kernel_.calls, (Calls{"irq save", "preempt off"}));
  kernel_.calls.clear();
  entry().irqsave_release(&a_, flags);
  EXPECT_EQ(kernel_.calls, restore);

  a_ = 1;
  kernel_.calls.clear();
  EXPECT_EQ(entry().irqsave_acquire(&a_, &flags), -ETIMEDOUT);
  EXPECT_EQ(kernel_.calls, (Calls{"irq save", "preempt off", restore[0], restore[1]}));
}

TEST_P(RevisionTest, BpfEntryPointsRestoreInterruptsFirstInEveryRevision) {
  using Calls = std::vector<std::string>;
  unsigned long flags = 0;
  ASSERT_EQ(entry().bpf_irqsave_acquire(&a_, &flags), 0);
  EXPECT_EQ(kernel_.calls, (Calls{"preempt off", "irq save"}));
  kernel_.calls.clear();
  entry().bpf_irqsave_release(&a_, flags);
  EXPECT_EQ(kernel_.calls, (Calls{"irq restore", "preempt on"}));
}

INSTANTIATE_TEST_SUITE_P(All, RevisionTest, testing::ValuesIn(AllRqspinlocks()), LockTypeTestName);
INSTANTIATE_TEST_SUITE_P(All, NmiTest, testing::ValuesIn(AllRqspinlocks()), LockTypeTestName);

}  // namespace
}  // namespace locks
