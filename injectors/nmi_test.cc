#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kIrqsave = R"(
  locks 2
  cpu 0
    acquire A irqsave
    release A
)";

TEST(NmiTest, ItRunsAtOnceWhateverTheInterruptFlagSays) {
  EXPECT_EQ(Story(kIrqsave), (Lines{"0 task: acquire A returns 0", "0 task: release A returns"}));
  EXPECT_EQ(Story(kIrqsave, "nmi 0 in cpu 0 release A access 2\nacquire B\nrelease B"),
            (Lines{"0 task: acquire A returns 0", "0 nmi: nmi begins", "0 nmi: acquire B returns 0",
                   "0 nmi: release B returns", "0 nmi: nmi ends", "0 task: release A returns"}));
}

TEST(NmiTest, ASecondOneWaitsForTheFirst) {
  EXPECT_EQ(Story(kIrqsave, R"(
              nmi 0 in cpu 0 release A access 2
                acquire B
                release B
              nmi 1 in nmi 0 acquire B access 1)"),
            (Lines{"0 task: acquire A returns 0", "0 nmi: nmi begins", "0 nmi: acquire B returns 0",
                   "0 nmi: release B returns", "0 nmi: nmi ends", "0 nmi: nmi begins", "0 nmi: nmi ends",
                   "0 task: release A returns"}));
}

TEST(NmiTest, AtATimeItComesOnTheCpuNamed) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\ncpu 1\nwork 10us\nacquire A\nrelease A\n", "nmi 0 on cpu 1 at 5us"),
            (Lines{"1 nmi: nmi begins", "1 nmi: nmi ends", "1 task: acquire A returns 0",
                   "1 task: release A returns"}));
}

}  // namespace
}  // namespace rqfuzz
