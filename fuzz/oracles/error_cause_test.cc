#include "fuzz/oracles/error_cause.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kStuckOwner = R"(
  locks 1
  cpu 0
    acquire A
      work 2s
    release A
  cpu 1
    acquire A
    release A
  cpu 2
    acquire A
    release A
  cpu 3
    acquire A
    release A
)";

TEST(ErrorCauseTest, TheWrongErrorOfADestroyedQueueIsFound) {
  for (const std::string revision : {"linux-6.15", "linux-6.17", "linux-6.18-stable"}) {
    EXPECT_EQ(Judged(revision, kStuckOwner), "finding error-cause deadlock-reported-after-timeout") << revision;
  }
  EXPECT_EQ(Judged("linux-6.19", kStuckOwner), "pass");
  EXPECT_EQ(Judged("linux-7.2", kStuckOwner), "pass");
}

TEST(ErrorCauseTest, AnEntryMadeTwiceLooksLikeADeadlock) {
  constexpr std::string_view kText = R"(
    virtual-machine
    locks 1
    cpu 0
      acquire A
        work 10ms
      release A
    cpu 1
      acquire A
      release A
  )";
  for (const std::string revision : {"linux-6.18-stable", "linux-6.19"}) {
    EXPECT_EQ(Judged(revision, kText), "finding error-cause deadlock-reported-to-test-and-set-without-cause");
  }
  EXPECT_EQ(Judged("linux-6.17", kText), "pass");
  EXPECT_EQ(Judged("linux-7.0", kText), "pass");
}

// CPU 1 is pending on the lock of CPU 0 and returns `error` after `waited_ns`.
std::string PendingReturns(int error, std::uint64_t waited_ns) {
  WrittenExecution execution(2);
  execution.Take(0).Begin(1).Word(1, 0x101).Wait(waited_ns).Word(1, 0x1);
  return execution.End(1, error).Release(0).Judged();
}

TEST(ErrorCauseTest, ATimeoutBeforeItsTimeIsFound) {
  EXPECT_EQ(PendingReturns(-ETIMEDOUT, 250'000'000), "pass");
  EXPECT_EQ(PendingReturns(-ETIMEDOUT, 249'000'000), "finding error-cause timeout-of-pending-without-cause");
}

TEST(ErrorCauseTest, ADeadlockThatNobodyCanHaveShownIsFound) {
  EXPECT_EQ(PendingReturns(-EDEADLK, 1'000'000), "finding error-cause deadlock-reported-to-pending-without-cause");
}

TEST(ErrorCauseTest, AQueuedWaiterWhomNobodyToldHasNoCause) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Wait(1'000'000).End(2, -ETIMEDOUT);
  EXPECT_EQ(execution.Judged(), "finding error-cause timeout-of-queued-without-cause");
}

TEST(ErrorCauseTest, AQueueDestroyedByAHeadThatGotTheLockHasNoCause) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Release(0).Word(1, execution.word() | 1);
  execution.Touch(1, 2, NodeAccess::kWriteLocked, 2).End(1, 0).Release(1).End(2, -ETIMEDOUT);
  EXPECT_EQ(execution.Judged(), "finding error-cause queue-destroyed-without-timeout");
}

TEST(ErrorCauseTest, AnNmiOnAWaiterWithANodeMayBeTurnedAway) {
  constexpr std::string_view kText = R"(
    locks 2
    cpu 0
      acquire A
        work 10ms
      release A
    cpu 1
      acquire A
      release A
    cpu 2
      acquire A
      release A
    cpu 3
      acquire B
        work 10ms
      release B
    cpu 4
      acquire B
      release B
    nmi 0 on cpu 2 at 1ms
      acquire B
      release B
  )";
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

// CPU 0 owns A and waits for B. CPU 1 has freed B but not cleared its entry, and its NMI wants A: an ABBA, for a
// check that does not see that B is free, or one that finds it taken again.
TEST(ErrorCauseTest, TheAbbaCheckStopsAtAFreeLock) {
  constexpr std::uint32_t kPending = 0x100;
  for (const bool taken_again : {false, true}) {
    WrittenExecution execution(3, 2);
    execution.Take(0, 0).Take(1, 1).Begin(0, 1).Word(0, 1 | kPending, 1);
    execution.Add(EventKind::kReleaseBegin, 1).lock = 1;
    execution.Word(1, kPending, 1);
    for (const EventKind kind : {EventKind::kContextEnter, EventKind::kAcquireBegin}) {
      Event& nmi = execution.Add(kind, 1);
      nmi.depth = 1;
      nmi.context = nmi.interrupt = ContextKind::kNmi;
      nmi.lock = 0;
    }
    if (taken_again) execution.Begin(2, 1).Word(2, 1 | kPending, 1);
    Event& end = execution.Add(EventKind::kAcquireEnd, 0);
    end.lock = 1;
    end.result = -EDEADLK;
    end.clock_read_ns = end.time_ns - 5;
    EXPECT_EQ(execution.Judged(),
              taken_again ? "limit unlock-window" : "finding error-cause deadlock-reported-to-pending-without-cause");
  }
}

}  // namespace
}  // namespace rqfuzz
