#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kText = "locks 1\ncpu 0\nacquire A\nrelease A\n";

TEST(RescheduleTest, ItIsCarriedOutWhenPreemptionIsEnabled) {
  EXPECT_EQ(Story(kText), (Lines{"0 task: acquire A returns 0", "0 task: release A returns"}));
  constexpr std::string_view kFault = "reschedule in cpu 0 acquire A access 5";
  EXPECT_EQ(Story(kText, kFault), (Lines{"0 task: acquire A returns 0", "0 task: the due reschedule is carried out",
                                         "0 task: release A returns"}));
  EXPECT_EQ(StepOf("the due reschedule is carried out", kText, kFault), StepOf("preempt_enable", kText, kFault));
}

TEST(RescheduleTest, AHardirqThatReturnsCarriesItOut) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\n", "hardirq 0 on cpu 0 at 2us\nreschedule on cpu 0 at 1us"),
            (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends",
                   "0 task: the due reschedule is carried out"}));
}

}  // namespace
}  // namespace rqfuzz
