#include "fuzz/scenario/draw_schedule.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

Scenario Generated(std::uint64_t seed) {
  Random random(seed);
  return Generate(random, *locks::FindLockType("rqspinlock", "linux-7.2", "generic"));
}

TEST(DrawScheduleTest, AScheduleThatIsNotBySwitchesTakesTheirPlace) {
  Random random(1);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    for (unsigned kind = 0; kind <= static_cast<unsigned>(kLastScheduleKind); ++kind) {
      const Scenario before = Generated(seed);
      Scenario drawn = before;
      DrawScheduleOf(static_cast<ScheduleKind>(kind), drawn, random);
      EXPECT_TRUE(Validate(drawn).ok()) << Validate(drawn);
      EXPECT_EQ(static_cast<unsigned>(drawn.schedule.kind), kind);
      Scenario expected = before;
      expected.schedule = drawn.schedule;
      if (kind != 0) RemoveSwitches(expected);
      EXPECT_EQ(drawn, expected);
    }
  }
}

TEST(DrawScheduleTest, RemovesSwitchesAndNothingElse) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Scenario scenario = Generated(seed);
    const std::size_t others = scenario.faults.size() - FaultCount(scenario, FaultKind::kSwitch);
    RemoveSwitches(scenario);
    EXPECT_EQ(FaultCount(scenario, FaultKind::kSwitch), 0u);
    EXPECT_EQ(scenario.faults.size(), others);
    EXPECT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  }
}

TEST(DrawScheduleTest, TheMixHasAllKindsAndLeavesMostScenariosAsTheyAre) {
  Random random(1);
  unsigned seen[5] = {};
  const Scenario scenario = Generated(1);
  constexpr unsigned kCount = 4'000;
  for (unsigned i = 0; i < kCount; ++i) {
    Scenario mixed = scenario;
    DrawSchedule(mixed, random);
    ++seen[static_cast<unsigned>(mixed.schedule.kind)];
    if (mixed.schedule.kind == ScheduleKind::kSwitches) EXPECT_EQ(mixed, scenario);
  }
  for (const unsigned count : seen) EXPECT_GT(count, 20u);
  EXPECT_GT(seen[0], kCount * 3 / 4);
}

}  // namespace
}  // namespace rqfuzz
