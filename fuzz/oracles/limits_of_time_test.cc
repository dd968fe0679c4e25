#include "fuzz/oracles/limits_of_time.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

// CPU 1 is pending on the lock of CPU 0 for `waited_ns`, then gets it.
std::string PendingFor(std::uint64_t waited_ns) {
  WrittenExecution execution(2);
  execution.Take(0).Begin(1).Word(1, 0x101).Wait(waited_ns).Release(0).Word(1, 1).End(1, 0).Release(1);
  return execution.Judged();
}

TEST(OwnLimitTest, AWaiterPastItsLimitIsFound) {
  EXPECT_EQ(PendingFor(251 * kMillisecond), "finding own-limit pending-over-its-limit");
}

TEST(OwnLimitTest, OneCheckMoreThanTheLimitPasses) {
  EXPECT_EQ(PendingFor(250 * kMillisecond), "pass");
  EXPECT_EQ(PendingFor(250 * kMillisecond + kOneCheck_ns / 2), "pass");
}

TEST(OwnLimitTest, TimeInWhichTheWaiterWasStolenDoesNotCount) {
  WrittenExecution execution(2);
  execution.Take(0).Begin(1).Word(1, 0x101);
  execution.Add(EventKind::kStealBegin, 1);
  execution.Wait(300 * kMillisecond).Add(EventKind::kStealEnd, 1);
  execution.Release(0).Word(1, 1).End(1, 0).Release(1);
  EXPECT_EQ(execution.Judged(), "pass");
}

TEST(OwnLimitTest, WhenTheCpuThatOwesAHandOverWasStolenItIsAKnownLimit) {
  WrittenExecution execution(2);
  execution.Take(0).Begin(1).Word(1, 0x101);
  execution.Add(EventKind::kStealBegin, 0);
  execution.Wait(300 * kMillisecond).Add(EventKind::kStealEnd, 0);
  execution.Release(0).Word(1, 1).End(1, 0).Release(1);
  EXPECT_EQ(execution.Judged(), "limit owed-hand-over");
}

TEST(OwnLimitTest, AHeadThatWaitsForASuccessorOutlivesItsLimitBeforeLinux72) {
  constexpr std::string_view kLoneHead = R"(
    locks 2
    cpu 0
      acquire B
        work 260ms
        acquire A
        release A
      release B
      work 260ms
      acquire B
      release B
    cpu 1
      acquire B
      release B
    cpu 2
      acquire A
        acquire B
        release B
      release A
  )";
  EXPECT_EQ(Judged("linux-7.0", kLoneHead), "finding own-limit head-over-its-limit");
  EXPECT_EQ(Judged("linux-7.2", kLoneHead), "pass");
}

// CPU 1 queues for the lock of CPU 0, and CPU 2 behind it. CPU 0 releases the lock after `owned_ns`; after
// `unowned_ns` more CPU 1 takes it and hands over to CPU 2. The execution ends there, so that only the wait of CPU 2
// is judged.
WrittenExecution QueuedFor(std::uint64_t owned_ns, std::uint64_t unowned_ns) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Wait(owned_ns).Release(0).Wait(unowned_ns);
  execution.Word(1, execution.word() | 1).HandOver(1, 2);
  return execution;
}

TEST(InheritedLimitTest, AWaitThatThoseAheadCannotExplainIsFound) {
  // One head's limit for CPU 1 and one for a pending waiter.
  EXPECT_EQ(QueuedFor(0, 1001 * kMillisecond).Judged(), "finding inherited-limit queued-over-its-limit");
  EXPECT_EQ(QueuedFor(0, 1000 * kMillisecond).Judged(), "pass");
}

TEST(InheritedLimitTest, SectionsOfOwnersExplainAWait) {
  EXPECT_EQ(QueuedFor(5000 * kMillisecond, 1000 * kMillisecond).Judged(), "pass");
  EXPECT_EQ(QueuedFor(5000 * kMillisecond, 1001 * kMillisecond).Judged(),
            "finding inherited-limit queued-over-its-limit");
}

TEST(InheritedLimitTest, TimeInWhichAnotherCpuWasStolenDoesNotCount) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Release(0).Wait(900 * kMillisecond);
  execution.Add(EventKind::kStealBegin, 1);
  execution.Wait(900 * kMillisecond).Add(EventKind::kStealEnd, 1);
  execution.Word(1, execution.word() | 1).HandOver(1, 2);
  EXPECT_EQ(execution.Judged(), "pass");
}

TEST(InheritedLimitTest, WhoReturnsWithoutEverBecomingTheHeadIsJudgedToo) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Release(0).Wait(1001 * kMillisecond).Touch(1, 2, NodeAccess::kWriteLocked, 2);
  EXPECT_EQ(execution.Judged(), "finding inherited-limit queued-over-its-limit");
}

}  // namespace
}  // namespace rqfuzz
