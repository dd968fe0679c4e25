#include "fuzz/oracles/prompt_abba.h"

#include <initializer_list>

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

// CPU 0 owns A and is pending on B, CPU 1 owns B and is pending on A; after `waited_ns` CPU 0 is told.
std::string ToldAfter(std::uint64_t waited_ns) {
  WrittenExecution execution(2, 2);
  execution.Take(0, 0).Take(1, 1).Begin(0, 1).Word(0, 0x101, 1).Begin(1, 0).Word(1, 0x101, 0).Wait(waited_ns);
  // The release clears the locked byte; the pending waiter takes over.
  execution.Word(0, 0x1, 1);
  Event& end = execution.Add(EventKind::kAcquireEnd, 0);
  end.lock = 1;
  end.result = -EDEADLK;
  end.clock_read_ns = end.time_ns - 20;
  execution.Release(0, 0).Word(1, 0x1, 0);
  return execution.End(1, 0, 0).Judged();
}

TEST(PromptAbbaTest, ADeadlockThatIsReportedLateIsFound) {
  EXPECT_EQ(ToldAfter(2 * kMillisecond), "finding prompt-abba pending-and-pending-not-told");
}

TEST(PromptAbbaTest, OneIntervalAndOneCheckPass) {
  EXPECT_EQ(ToldAfter(1 * kMillisecond), "pass");
  EXPECT_EQ(ToldAfter(1 * kMillisecond + kOneCheck_ns / 2), "pass");
}

constexpr std::string_view kAbba = R"(
  locks 2
  cpu 0
    acquire A
      work 1us
      acquire B
      release B
    release A
  cpu 1
    acquire B
      work 1us
      acquire A
      release A
    release B
)";

TEST(PromptAbbaTest, EveryRevisionTellsTwoPendingWaiters) {
  for (const std::string revision : {"linux-6.15", "linux-6.17", "linux-6.18-stable", "linux-6.19", "linux-7.2"}) {
    EXPECT_EQ(Judged(revision, kAbba), "pass") << revision;
  }
}

TEST(PromptAbbaTest, TimeInWhichOneOfTheTwoIsStolenDoesNotCount) {
  EXPECT_EQ(Judged("linux-7.2", absl::StrCat(std::string(kAbba), "steal on cpu 0 at 500us for 20ms\n",
                                             "steal on cpu 1 at 500us for 20ms\n")),
            "pass");
}

// The same; CPU 0 is stolen after half a millisecond, for 20 ms, and CPU 1 told `waited_ns` after that.
std::string ToldAfterATheftAnd(std::uint64_t waited_ns) {
  WrittenExecution execution(2, 2);
  execution.Take(0, 0).Take(1, 1).Begin(0, 1).Word(0, 0x101, 1).Begin(1, 0).Word(1, 0x101, 0).Wait(kMillisecond / 2);
  execution.Add(EventKind::kStealBegin, 0);
  execution.Wait(20 * kMillisecond);
  execution.Add(EventKind::kStealEnd, 0);
  execution.Wait(waited_ns).Word(1, 0x1, 0);
  Event& end = execution.Add(EventKind::kAcquireEnd, 1);
  end.lock = 0;
  end.result = -EDEADLK;
  end.clock_read_ns = end.time_ns - 20;
  execution.Release(1, 1).Word(0, 0x1, 1);
  return execution.End(0, 0, 1).Judged();
}

TEST(PromptAbbaTest, TimeBeforeAndAfterATheftAddsUp) {
  EXPECT_EQ(ToldAfterATheftAnd(3 * kMillisecond / 10), "pass");
  EXPECT_EQ(ToldAfterATheftAnd(8 * kMillisecond / 10), "finding prompt-abba pending-and-pending-not-told");
}

// CPU 0 owns A and heads the queue of B, CPU 1 owns B and heads the queue of A; CPUs 2 and 3 are behind them. The CPUs
// `stolen` are so for 20 ms before those two link themselves, and CPU 1 is told `waited_ns` after that.
std::string ToldAfterATheftOf(std::initializer_list<unsigned> stolen, std::uint64_t waited_ns) {
  WrittenExecution execution(4, 2);
  execution.Take(0, 0).Take(1, 1).Queue(0, 1).Queue(1, 0).Queue(2, 1).Queue(3, 0);
  for (const unsigned cpu : stolen) execution.Add(EventKind::kStealBegin, cpu);
  execution.Wait(20 * kMillisecond);
  for (const unsigned cpu : stolen) execution.Add(EventKind::kStealEnd, cpu);
  execution.Touch(2, 0, NodeAccess::kWriteNext).Touch(3, 1, NodeAccess::kWriteNext).Wait(waited_ns);
  execution.HandOver(1, 3);
  Event& end = execution.Add(EventKind::kAcquireEnd, 1);
  end.lock = 0;
  end.result = -EDEADLK;
  end.clock_read_ns = end.time_ns - 20;
  execution.Release(1, 1).Word(0, execution.word(1) | 1, 1).HandOver(0, 2).End(0, 0, 1).Release(0, 1).Release(0, 0);
  execution.Word(2, 1, 1).End(2, 0, 1).Release(2, 1).Word(3, 1, 0).End(3, 0, 0);
  return execution.Release(3, 0).Judged();
}

TEST(PromptAbbaTest, TimeInWhichBothAreOwedALinkIsExcused) {
  EXPECT_EQ(ToldAfterATheftOf({2, 3}, kMillisecond / 2), "limit owed-hand-over");
  EXPECT_EQ(ToldAfterATheftOf({2, 3}, 2 * kMillisecond), "finding prompt-abba head-and-head-not-told");
}

TEST(PromptAbbaTest, TimeInWhichAWaiterIsStolenExcusesNoneOfItsOwn) {
  EXPECT_EQ(ToldAfterATheftOf({0, 2, 3}, kMillisecond / 2), "pass");
  EXPECT_EQ(ToldAfterATheftOf({0, 2, 3}, 2 * kMillisecond), "finding prompt-abba head-and-head-not-told");
}

TEST(PromptAbbaTest, ANestedHandlerThatEntersItsLockLateIsFound) {
  // Linux 6.15 enters B only after it has set pending: CPU 1 does not see that CPU 0 is about to wait for it.
  constexpr std::string_view kText = R"(
    locks 2
    cpu 0
      acquire B
      release B
    cpu 1
      acquire A
        acquire B
        release B
      release A
    nmi 0 in cpu 0 acquire B access 3
      work 1us
      acquire A
      release A
  )";
  EXPECT_EQ(Judged("linux-6.15", kText), "finding prompt-abba pending-and-pending-not-told");
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

}  // namespace
}  // namespace rqfuzz
