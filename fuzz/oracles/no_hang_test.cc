#include "fuzz/oracles/no_hang.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// CPU 1 is pending on A and CPU 2 heads the queue; an NMI comes on CPU 2.
constexpr std::string_view kNmiOnHead = R"(
  locks 1
  cpu 0
    acquire A
      work 10ms
    release A
  cpu 1
    acquire A
    release A
  cpu 2
    acquire A
    release A
  nmi 0 on cpu 2 at 1ms
    acquire A
    release A
)";

constexpr std::string_view kLoneHead = R"(
  locks 2
  cpu 0
    acquire A
      work 2ms
      acquire B
      release B
    release A
  cpu 1
    acquire A
    release A
  cpu 2
    acquire B
      acquire A
      release A
    release B
)";

TEST(NoHangTest, AnNmiThatQueuesBehindWhatItInterruptedIsFound) {
  EXPECT_EQ(Judged("linux-6.15", kNmiOnHead), "finding no-hang nmi-on-top-of-the-head-it-depends-on");
  EXPECT_EQ(Judged("linux-7.2", kNmiOnHead), "pass");
}

TEST(NoHangTest, AHeadThatWaitsForASuccessorWhichNeverComesIsFound) {
  EXPECT_EQ(Judged("linux-6.19", kLoneHead), "finding no-hang head-waits-without-a-clock");
  EXPECT_EQ(Judged("linux-7.0", kLoneHead), "finding no-hang head-waits-without-a-clock");
  EXPECT_EQ(Judged("linux-7.2", kLoneHead), "pass");
}

TEST(NoHangTest, ALongWaitIsNoHang) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 10s
      release A
    cpu 1
      acquire A retry 15
      release A
    steal in cpu 1 acquire A access 20 for 10s
  )";
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

TEST(NoHangTest, WaitersOfWhomNobodyHasAClockAreFound) {
  WrittenExecution execution(2, 2);
  execution.Take(0, 0).Take(1, 1).Begin(0, 1).Begin(1, 0).Add(EventKind::kHang, 0);
  EXPECT_EQ(execution.Judged(), "finding no-hang cycle");
}

TEST(NoHangTest, AnExecutionThatWasCutShortIsALivelock) {
  WrittenExecution execution(1);
  execution.Begin(0).Add(EventKind::kStepLimit, 0);
  EXPECT_EQ(execution.Judged(), "finding no-hang livelock");
}

TEST(NoHangTest, AnExecutionInWhichCallsKeptReturningWasOnlyLong) {
  for (const std::uint32_t last_return_step : {400u, 600u}) {
    WrittenExecution execution(1);
    execution.Begin(0);
    Event& end = execution.Add(EventKind::kAcquireEnd, 0);
    end.lock = 0;
    end.preempt_count = 1;
    end.step = last_return_step;
    execution.Add(EventKind::kStepLimit, 0).step = 1000;
    EXPECT_EQ(execution.Judged(), last_return_step == 400 ? "finding no-hang livelock" : "limit cut-short");
  }
}

}  // namespace
}  // namespace rqfuzz
