#include "fuzz/oracles/nmi_never_waits.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// CPU 0 owns lock A for a while; an NMI comes on its pending waiter.
constexpr std::string_view kNmiOnPendingWaiter = R"(
  locks 1
  cpu 0
    acquire A
      work 10ms
    release A
  cpu 1
    acquire A
    release A
  nmi 0 on cpu 1 at 1ms
    acquire A
    release A
)";

TEST(NmiNeverWaitsTest, AnNmiThatWaitsForWhatItInterruptedIsFound) {
  EXPECT_EQ(Judged("linux-6.15", kNmiOnPendingWaiter), "finding nmi waits-for-lower-pending-as-head");
  EXPECT_EQ(Judged("linux-6.17", kNmiOnPendingWaiter), "finding nmi waits-for-lower-pending-as-newcomer");
  EXPECT_EQ(Judged("linux-6.18-stable", kNmiOnPendingWaiter), "finding nmi waits-for-lower-pending-as-head");
}

TEST(NmiNeverWaitsTest, AnNmiThatLeavesAtOncePasses) {
  EXPECT_EQ(Judged("linux-6.19", kNmiOnPendingWaiter), "pass");
  EXPECT_EQ(Judged("linux-7.2", kNmiOnPendingWaiter), "pass");
}

// Between the two stands the NMI's own attempt, which has not come so far yet and is in nobody's way.
TEST(NmiNeverWaitsTest, AProgramInTheNmiThatWaitsForWhatTheNmiInterruptedIsFound) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 2ms
      release A
    cpu 1
      acquire A
      release A
    cpu 2
      acquire A
      release A
    nmi 0 in cpu 1 release A access 1
    nmi 1 in cpu 1 acquire A access 5
      acquire A
      release A
    program 2 at contention-begin
      acquire A
      release A
  )";
  EXPECT_EQ(Judged("linux-6.15", kText), "finding nmi waits-for-lower-pending-as-head");
}

TEST(NmiNeverWaitsTest, AnNmiMayWaitForAnotherCpu) {
  constexpr std::string_view kText = R"(
    locks 2
    cpu 0
      acquire B
        work 10ms
      release B
    cpu 1
      acquire A
        work 2ms
      release A
    nmi 0 on cpu 1 at 1ms
      acquire B
      release B
  )";
  EXPECT_EQ(Judged("linux-6.15", kText), "pass");
}

TEST(NmiNeverWaitsTest, AnAttemptThatHasDoneNothingYetHoldsNobodyUp) {
  // The interrupted acquire has not even tried its CAS; the NMI waits for CPU 0.
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 10ms
      release A
    cpu 1
      work 1ms
      acquire A
      release A
    nmi 0 in cpu 1 acquire A access 2
      acquire A
      release A
  )";
  EXPECT_EQ(Judged("linux-6.15", kText), "pass");
}

}  // namespace
}  // namespace rqfuzz
