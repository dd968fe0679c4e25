#include <gtest/gtest.h>

#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

// The owner is stolen in its section, or not.
constexpr std::string_view kText = R"(
  locks 1
  cpu 0
    acquire A
      work 1us
    release A
  cpu 1
    acquire A
    release A
)";

TEST(StealTest, OthersWaitForWhatTheStolenCpuOwns) {
  EXPECT_EQ(Story(kText), (Lines{"0 task: acquire A returns 0", "0 task: release A returns",
                                 "1 task: acquire A returns 0", "1 task: release A returns"}));
  EXPECT_EQ(Story(kText, "steal in cpu 0 release A access 1 for 300ms"),
            (Lines{"0 task: acquire A returns 0", "0 task: the host takes the CPU away",
                   "1 task: acquire A returns -ETIMEDOUT", "0 task: the host gives the CPU back",
                   "0 task: release A returns"}));
}

TEST(StealTest, AnInterruptWaitsUntilTheCpuIsBack) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\n", "nmi 0 on cpu 0 at 2us\nsteal on cpu 0 at 1us for 5us\n"),
            (Lines{"0 task: the host takes the CPU away", "0 task: the host gives the CPU back", "0 nmi: nmi begins",
                   "0 nmi: nmi ends"}));
}

TEST(StealTest, AnInterruptOfTheSameMomentWaitsToo) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\n", "nmi 0 on cpu 0 at 1us\nsteal on cpu 0 at 1us for 5us\n"),
            (Lines{"0 task: the host takes the CPU away", "0 task: the host gives the CPU back", "0 nmi: nmi begins",
                   "0 nmi: nmi ends"}));
}

}  // namespace
}  // namespace rqfuzz
