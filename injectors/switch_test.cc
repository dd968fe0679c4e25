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

}  // namespace
}  // namespace rqfuzz
