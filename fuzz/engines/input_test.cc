#include "fuzz/engines/input.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/validate.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

std::vector<Scenario> PlaysOf(const Input& input) {
  std::vector<Scenario> plays;
  Scenario scenario;
  PlayInput(input, scenario, [&plays](const Scenario& played, const PlayResult&) {
    plays.push_back(played);
    return true;
  });
  return plays;
}

// Two CPUs, one section each.
const Input kSmall{};

TEST(InputTest, TheFirstPlayIsTheScenario) {
  Scenario scenario;
  Decode(kSmall.bytes, scenario);
  EXPECT_EQ(PlaysOf(kSmall).front(), scenario);
}

TEST(InputTest, ASmallInputCarriesManyPlaysAndALongOneFew) {
  EXPECT_GT(PlaysOf(kSmall).size(), 3u);
  Scenario scenario;
  std::uint64_t steps = 0;
  unsigned after_budget = 0;
  PlayInput(kSmall, scenario, [&](const Scenario&, const PlayResult& result) {
    after_budget += steps >= kInputBudget.steps;
    steps += result.steps;
    return true;
  });
  // The scenario itself is not counted, so one play may begin with the budget all but spent.
  EXPECT_LE(after_budget, 1u);
}

TEST(InputTest, PlaysForAflBeginWithThoseForLibFuzzer) {
  Input for_afl = kSmall;
  for_afl.budget = kInputBudgetOfAfl;
  const std::vector<Scenario> longer = PlaysOf(for_afl);
  const std::vector<Scenario> plays = PlaysOf(kSmall);
  ASSERT_GT(longer.size(), plays.size());
  EXPECT_TRUE(std::equal(plays.begin(), plays.end(), longer.begin()));
}

TEST(InputTest, EachPlayIsValidAndTheSameEveryTime) {
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 1, 1, 1, 0, 2, 0, 1, 1, 2, 0};
  const Input input{.bytes = bytes};
  const std::vector<Scenario> plays = PlaysOf(input);
  EXPECT_EQ(PlaysOf(input), plays);
  for (unsigned i = 0; i < plays.size(); ++i) {
    EXPECT_TRUE(Validate(plays[i]).ok());
    Scenario made;
    DecodeInput(input, made);
    MakePlay(input, i, made);
    EXPECT_EQ(made, plays[i]);
  }
}

TEST(InputTest, SomePlaysHaveADrawnScheduleAndThenNoSwitches) {
  unsigned plays = 0;
  unsigned drawn = 0;
  for (std::uint8_t i = 0; i < 100; ++i) {
    const std::vector<std::uint8_t> bytes = {i};
    for (const Scenario& played : PlaysOf({.bytes = bytes})) {
      ++plays;
      if (played.schedule.kind == ScheduleKind::kSwitches) continue;
      ++drawn;
      EXPECT_EQ(FaultCount(played, FaultKind::kSwitch), 0u);
    }
  }
  EXPECT_GT(drawn, plays / 40);
  EXPECT_LT(drawn, plays / 4);
}

TEST(InputTest, FurtherPlaysAreGivenWhatIsRequestedAndNothingElseOnRequest) {
  const absl::StatusOr<Injectors> misuse = RequestedInjectors("misuse");
  ASSERT_TRUE(misuse.ok());
  unsigned with_misuse = 0;
  for (std::uint8_t i = 0; i < 50; ++i) {
    const std::vector<std::uint8_t> bytes = {i};
    for (const Scenario& played : PlaysOf({.bytes = bytes})) EXPECT_FALSE(HasOptIns(played));
    for (const Scenario& played : PlaysOf({.bytes = bytes, .requested = *misuse})) {
      with_misuse += HasMisuse(played);
      EXPECT_EQ(HasOptIns(played), HasMisuse(played)) << "a fault that breaks the machine was not requested";
    }
  }
  EXPECT_GT(with_misuse, 10u);
}

// The same bytes stand for a finding on the revision that has the bug, whichever of its plays shows it.
TEST(InputTest, TheFirstFindingStandsForTheInput) {
  const absl::StatusOr<LockChoice> old = LockChoice::Find("rqspinlock", "linux-6.15");
  ASSERT_TRUE(old.ok());
  unsigned found = 0;
  for (std::uint8_t i = 0; i < 20; ++i) {
    const std::vector<std::uint8_t> bytes = {i};
    found += Play(ScenarioOf({.bytes = bytes, .choice = &*old})).verdict.kind == VerdictKind::kFinding;
  }
  EXPECT_GT(found, 0u);
}

}  // namespace
}  // namespace rqfuzz
