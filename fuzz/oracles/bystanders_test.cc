#include "fuzz/oracles/bystanders.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// CPU 2 owns B and heads the queue of A, with CPU 3 behind it; CPU 0 owns A and wants B.
constexpr std::string_view kHeadInDeadlock = R"(
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
  cpu 3
    acquire A
    release A
)";

TEST(BystandersTest, WhoIsToldBecauseAHeadSawADeadlockIsFound) {
  for (const std::string revision : {"linux-6.15", "linux-6.17", "linux-6.18-stable"}) {
    EXPECT_EQ(Judged(revision, kHeadInDeadlock), "finding bystanders told-by-the-waiter-ahead") << revision;
  }
}

TEST(BystandersTest, WhoIsHandedTheQueuePasses) {
  for (const std::string revision : {"linux-6.19", "linux-7.0", "linux-7.2"}) {
    EXPECT_EQ(Judged(revision, kHeadInDeadlock), "pass") << revision;
  }
}

TEST(BystandersTest, WhoIsToldBecauseAClockRanOutIsNoBystander) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 1s
      release A
    cpu 1
      acquire A retry 1
      release A
    cpu 2
      acquire A retry 1
      release A
  )";
  EXPECT_EQ(Judged("linux-6.15", kText), "finding error-cause deadlock-reported-after-timeout");
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

}  // namespace
}  // namespace rqfuzz
