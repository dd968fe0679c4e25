#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kWork = "locks 1\ncpu 0\nwork 10us\n";

TEST(SoftirqTest, ItRunsOnTopOfATask) {
  EXPECT_EQ(Story(kWork), Lines{});
  EXPECT_EQ(Story(kWork, "softirq 0 on cpu 0 at 1us"),
            (Lines{"0 softirq: softirq begins", "0 softirq: softirq ends"}));
}

TEST(SoftirqTest, ItWaitsForTheHardirq) {
  EXPECT_EQ(Story(kWork, "hardirq 0 on cpu 0 at 1us\nwork 4us\nsoftirq 1 on cpu 0 at 2us"),
            (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends", "0 softirq: softirq begins",
                   "0 softirq: softirq ends"}));
}

TEST(SoftirqTest, AHardirqRunsOnTopOfIt) {
  EXPECT_EQ(Story(kWork, "softirq 0 on cpu 0 at 1us\nwork 4us\nhardirq 1 on cpu 0 at 2us"),
            (Lines{"0 softirq: softirq begins", "0 hardirq: hardirq begins", "0 hardirq: hardirq ends",
                   "0 softirq: softirq ends"}));
}

TEST(SoftirqTest, InterruptsOffHoldItBack) {
  constexpr std::string_view kText = "locks 1\ncpu 0\nacquire A irqsave\nrelease A\n";
  constexpr std::string_view kFault = "softirq 0 in cpu 0 acquire A access 5";
  EXPECT_EQ(StepOf("softirq begins", kText, kFault), StepOf("local_irq_restore", kText, kFault));
}

}  // namespace
}  // namespace rqfuzz
