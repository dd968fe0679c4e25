// Which steps of the lock need a compare-and-swap that does not fail for no reason (README.md lists them).
#include <gtest/gtest.h>

#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

constexpr char kFails[] = "the compare-and-swap that follows fails for no reason";

TEST(SpuriousFailureTest, TheFastPathGoesOnAsPendingWaiter) {
  const Scenario scenario =
      ReadScenario("cpu 0\nacquire A\nrelease A\nspurious-failure in cpu 0 acquire A access 1\n");
  EXPECT_EQ(VerdictOf(scenario), "pass");
  EXPECT_EQ(StepsOf(scenario, kFails).size(), 1u);
  EXPECT_EQ(StepsOf(scenario, "acquire A returns 0").size(), 1u);
  const Scenario quiet = ReadScenario("cpu 0\nacquire A\nrelease A\n");
  EXPECT_EQ(StepsOf(quiet, kFails).size(), 0u);
  EXPECT_GT(Play(scenario).steps, Play(quiet).steps);
}

TEST(SpuriousFailureTest, AHeadWhoseClaimFailsWaitsForEverUnlessItLooksBehind) {
  constexpr std::string_view kText = R"(
    cpu 0
      acquire A
        work 20us
      release A
    cpu 1
      work 1us
      acquire A
        work 20us
      release A
    cpu 2
      work 2us
      acquire A
      release A
    spurious-failure in cpu 2 acquire A access 20
  )";
  EXPECT_EQ(StepsOf(ReadScenario(kText), kFails).size(), 1u);
  EXPECT_EQ(VerdictOf(ReadScenario(kText)), "machine weak-cas");
  EXPECT_EQ(VerdictOf(ReadScenario(kText, 1, "proposed")), "pass");
}

}  // namespace
}  // namespace rqfuzz
