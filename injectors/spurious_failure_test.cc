// Which steps of the lock need a compare-and-swap that does not fail for no reason (README.md lists them).
#include <gtest/gtest.h>

#include "absl/strings/match.h"
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

// An owner, a pending waiter and a queue head; two that hold what the other wants, one of them at the head; the path
// for virtual machines; a timeout.
constexpr std::string_view kScenarios[] = {
    "cpu 0\nacquire A\nwork 20us\nrelease A\ncpu 1\nwork 1us\nacquire A\nwork 20us\nrelease A\n"
    "cpu 2\nwork 2us\nacquire A\nrelease A\ncpu 3\nwork 3us\nacquire A\nrelease A\n",
    "cpu 0\nacquire A\nwork 5us\nacquire B\nrelease B\nrelease A\n"
    "cpu 1\nwork 1us\nacquire A\nrelease A\ncpu 2\nacquire B\nwork 2us\nacquire A\nrelease A\nrelease B\n",
    "cpu 0\nacquire A\nwork 600ms\nrelease A\ncpu 1\nwork 1us\nacquire A\nrelease A\n"
    "cpu 2\nwork 2us\nacquire A\nrelease A\n",
};

// In each of these scenarios, on each CPU, every compare-and-swap in turn fails once.
TEST(SpuriousFailureTest, NothingButTheClaimOfAHeadNeedsAStrongCompareAndSwap) {
  unsigned failures = 0;
  unsigned hangs = 0;
  for (const std::string_view text : kScenarios) {
    for (const bool virtual_machine : {false, true}) {
      Scenario scenario = ReadScenario(text, 2);
      scenario.virtual_machine = virtual_machine;
      scenario.faults.push_back({.kind = FaultKind::kSpuriousFailure});
      Moment& moment = scenario.faults.back().moment;
      for (moment.program = 0; moment.program < scenario.cpu_count; ++moment.program) {
        moment.operation = scenario.programs[moment.program][0].kind == OperationKind::kWork ? 1 : 0;
        for (moment.access = 1; moment.access <= 60; ++moment.access) {
          const Verdict verdict = Play(scenario).verdict;
          ++failures;
          if (verdict.kind != VerdictKind::kMachine) continue;
          ++hangs;
          ASSERT_TRUE(absl::StrContains(verdict.message,
                                        "and waits for a successor in its queue, but nobody stands "
                                        "behind it"))
              << verdict.message;
          ASSERT_FALSE(virtual_machine);
        }
      }
    }
  }
  EXPECT_GT(hangs, 0u);
  EXPECT_LT(hangs, failures / 4);
}

}  // namespace
}  // namespace rqfuzz
