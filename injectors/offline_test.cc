// CPUs that stop for good, and callers that never release.
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

constexpr char kTwo[] =
    "cpu 0\n acquire A\n work 1ms\n release A\n"
    "cpu 1\n acquire A\n release A\n";

TEST(OfflineTest, TheWaiterTimesOut) {
  EXPECT_TRUE(StepsOf(ReadScenario(kTwo), "acquire A returns -ETIMEDOUT").empty());
  for (const char* const moment : {"offline on cpu 0 at 500us\n", "offline in cpu 0 release A access 1\n"}) {
    const Scenario scenario = ReadScenario(absl::StrCat(kTwo, moment));
    const std::vector<TraceLine> timeouts = StepsOf(scenario, "acquire A returns -ETIMEDOUT");
    ASSERT_EQ(timeouts.size(), 1u) << moment;
    EXPECT_NEAR(static_cast<double>(timeouts[0].time_ns), 250e6, 1e6);
    EXPECT_EQ(StepsOf(scenario, "the CPU goes offline").size(), 1u);
    EXPECT_TRUE(StepsOf(scenario, "release A returns").empty());
    EXPECT_EQ(VerdictOf(scenario), "pass");
  }
}

TEST(OfflineTest, NothingRunsOnTheCpuAnyMore) {
  constexpr char kNmi[] = "nmi 0 on cpu 0 at 600us\n work 1us\n";
  EXPECT_EQ(StepsOf(ReadScenario(absl::StrCat(kTwo, kNmi)), "nmi begins").size(), 1u);
  EXPECT_TRUE(StepsOf(ReadScenario(absl::StrCat(kTwo, kNmi, "offline on cpu 0 at 500us\n")), "nmi begins").empty());
}

TEST(OfflineTest, TheLastCpuEndsTheRun) {
  const Scenario scenario = ReadScenario("cpu 0\n acquire A\n work 1ms\n release A\noffline on cpu 0 at 500us\n");
  EXPECT_EQ(StepsOf(scenario, "all CPUs have finished").size(), 1u);
  EXPECT_EQ(VerdictOf(scenario), "pass");
}

// CPU 0 owns A, CPU 1 is pending, CPU 2 heads the queue, CPU 3 is behind it and has no clock.
TEST(OfflineTest, WhoWaitsBehindAnOfflineHeadIsAKnownLimit) {
  constexpr char kQueue[] =
      "cpu 0\n acquire A\n work 1ms\n release A\n"
      "cpu 1\n acquire A\n release A\n"
      "cpu 2\n work 1us\n acquire A\n release A\n"
      "cpu 3\n work 2us\n acquire A\n release A\n";
  EXPECT_EQ(VerdictOf(ReadScenario(kQueue)), "pass");
  EXPECT_EQ(VerdictOf(ReadScenario(absl::StrCat(kQueue, "offline on cpu 2 at 500us\n"))), "limit owed-hand-over");
  // An owner or a pending waiter that stops holds up nobody for ever.
  EXPECT_EQ(VerdictOf(ReadScenario(absl::StrCat(kQueue, "offline on cpu 0 at 500us\n"))), "pass");
  EXPECT_EQ(VerdictOf(ReadScenario(absl::StrCat(kQueue, "offline on cpu 1 at 500us\n"))), "pass");
}

// CPU 0 stops after it has become the tail and before it has linked itself: CPU 4, told that the queue is being
// destroyed, waits for its successor's link.
TEST(OfflineTest, ALinkThatIsNeverMadeIsAKnownLimit) {
  constexpr char kQueue[] =
      "cpu 0\n work 1us\n acquire A irqsave\n release A\n"
      "cpu 1\n acquire A\n keep A\n"
      "cpu 2\n acquire A\n release A\n"
      "cpu 3\n acquire A\n release A\n"
      "cpu 4\n acquire A\n release A\n";
  EXPECT_EQ(VerdictOf(ReadScenario(kQueue)), "pass");
  EXPECT_EQ(VerdictOf(ReadScenario(absl::StrCat(kQueue, "offline in cpu 0 acquire A access 20\n"))),
            "limit owed-hand-over");
}

// A hang among the others is still found: the lone head of linux-7.0, while a CPU that has to do with it is gone.
TEST(OfflineTest, AHangAmongTheOthersIsFound) {
  constexpr char kLoneHead[] =
      "cpu 0\n acquire A\n work 1us\n acquire B\n release B\n release A\n"
      "cpu 1\n acquire A\n release A\n"
      "cpu 2\n acquire B\n acquire A\n release A\n release B\n"
      "cpu 3\n acquire C\n work 1ms\n release C\n"
      "offline on cpu 3 at 500ns\n";
  EXPECT_EQ(VerdictOf(ReadScenario(kLoneHead, 3, "linux-7.0")), "finding no-hang head-waits-without-a-clock");
  EXPECT_EQ(VerdictOf(ReadScenario(kLoneHead, 3, "linux-7.2")), "pass");
}

TEST(KeepTest, TheLockStaysTaken) {
  const Scenario kept = ReadScenario("cpu 0\n acquire A\n keep A\ncpu 1\n work 1ms\n acquire A\n release A\n");
  EXPECT_EQ(StepsOf(kept, "acquire A returns -ETIMEDOUT").size(), 1u);
  EXPECT_EQ(VerdictOf(kept), "pass");
  const Scenario released = ReadScenario("cpu 0\n acquire A\n release A\ncpu 1\n work 1ms\n acquire A\n release A\n");
  EXPECT_TRUE(StepsOf(released, "acquire A returns -ETIMEDOUT").empty());
}

TEST(KeepTest, ItsOwnCpuIsToldAtOnce) {
  const Scenario again = ReadScenario("cpu 0\n acquire A\n keep A\n acquire A\n release A\n");
  EXPECT_EQ(StepsOf(again, "acquire A returns -EDEADLK").size(), 1u);
  EXPECT_EQ(VerdictOf(again), "pass");
}

}  // namespace
}  // namespace rqfuzz
