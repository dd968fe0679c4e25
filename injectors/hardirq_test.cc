#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kFault = "hardirq 0 in cpu 0 release A access 2";

TEST(HardirqTest, ItRunsAtOnceWithInterruptsOn) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nacquire A\nrelease A\n", kFault),
            (Lines{"0 task: acquire A returns 0", "0 hardirq: hardirq begins", "0 hardirq: hardirq ends",
                   "0 task: release A returns"}));
  EXPECT_EQ(StepOf("hardirq begins", "locks 1\ncpu 0\nacquire A\nrelease A\n", kFault),
            StepOf("release A", "locks 1\ncpu 0\nacquire A\nrelease A\n", kFault) + 2);
}

TEST(HardirqTest, WithInterruptsOffItComesWhenTheyAreRestored) {
  constexpr std::string_view kText = "locks 1\ncpu 0\nacquire A irqsave\nrelease A\n";
  EXPECT_EQ(StepOf("hardirq begins", kText, kFault), StepOf("local_irq_restore", kText, kFault));
  EXPECT_GT(StepOf("hardirq begins", kText, kFault), StepOf("release A irqsave", kText, kFault) + 2);
}

TEST(HardirqTest, ASecondOneWaitsForTheFirst) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\n",
                  "hardirq 0 on cpu 0 at 1us\nwork 4us\nhardirq 1 on cpu 0 at 2us\nacquire A\nrelease A\n"),
            (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends", "0 hardirq: hardirq begins",
                   "0 hardirq: acquire A returns 0", "0 hardirq: release A returns", "0 hardirq: hardirq ends"}));
}

}  // namespace
}  // namespace rqfuzz
