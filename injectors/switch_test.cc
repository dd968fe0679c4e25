#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kTwoCpus = R"(
  locks 2
  cpu 0
    acquire A
    release A
  cpu 1
    acquire B
    release B
)";

TEST(SwitchTest, TheScheduleGoesOnWithAnotherCpu) {
  EXPECT_EQ(Story(kTwoCpus), (Lines{"0 task: acquire A returns 0", "0 task: release A returns",
                                    "1 task: acquire B returns 0", "1 task: release B returns"}));
  EXPECT_EQ(Story(kTwoCpus, "switch in cpu 0 release A access 2 to cpu 1"),
            (Lines{"0 task: acquire A returns 0", "1 task: acquire B returns 0", "1 task: release B returns",
                   "0 task: release A returns"}));
}

TEST(SwitchTest, ATwoWaySwitchInterleavesSteps) {
  EXPECT_EQ(Story(kTwoCpus, R"(
              switch in cpu 0 acquire A access 4 to cpu 1
              switch in cpu 1 release B access 1 to cpu 0)"),
            (Lines{"1 task: acquire B returns 0", "0 task: acquire A returns 0", "0 task: release A returns",
                   "1 task: release B returns"}));
}

TEST(SwitchTest, ToACpuThatHasEndedItDoesNothing) {
  EXPECT_EQ(Story(kTwoCpus, "switch in cpu 1 acquire B access 1 to cpu 0"), Story(kTwoCpus));
}

constexpr std::string_view kThreeCpus = R"(
  locks 3
  cpu 0
    work 1us
  cpu 1
    acquire A
    release A
  cpu 2
    acquire B
    release B
)";

// Otherwise CPU 1 would go on.
TEST(SwitchTest, ItSaysWhoGoesOnWhenTheCpuMustWaitBeforeItsMoment) {
  EXPECT_EQ(Story(kThreeCpus).front(), "1 task: acquire A returns 0");
  EXPECT_EQ(Story(kThreeCpus, "switch in cpu 0 work access 2 to cpu 2").front(), "2 task: acquire B returns 0");
}

TEST(SwitchTest, ItSaysWhoGoesOnAfterTheEnd) {
  const auto last_step = [](std::string_view faults) { return Steps(kThreeCpus, faults).back().cpu; };
  EXPECT_EQ(last_step("switch in cpu 0 work access 1 to cpu 1"), 0);
  EXPECT_EQ(last_step(R"(
    switch in cpu 0 work access 1 to cpu 1
    switch in cpu 1 release A access 100 to cpu 0)"),
            0)
      << "a release makes fewer accesses";
}

// The first is taken when the CPU falls asleep, the second when it sleeps on after an interrupt.
TEST(SwitchTest, OfSeveralAtOneMomentOneIsTakenEachTime) {
  constexpr std::string_view kNmi = R"(
    nmi 0 on cpu 0 at 60ns
      acquire C
      release C
    switch in cpu 0 work access 2 to cpu 2
  )";
  EXPECT_EQ(Story(kThreeCpus, kNmi).back(), "2 task: release B returns");
  EXPECT_EQ(Story(kThreeCpus, std::string(kNmi) + "switch in cpu 0 work access 2 to cpu 2").back(),
            "1 task: release A returns");
}

}  // namespace
}  // namespace rqfuzz
