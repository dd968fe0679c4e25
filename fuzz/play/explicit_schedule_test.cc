#include "fuzz/play/explicit_schedule.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "absl/algorithm/container.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/text.h"
#include "fuzz/scenario/validate.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

constexpr ScheduleKind kDrawn[] = {ScheduleKind::kUniform, ScheduleKind::kPct, ScheduleKind::kPos,
                                   ScheduleKind::kSurw};

// Whether the scenario has what WithExplicitSchedule() cannot promise to say.
bool IsBeyondSwitches(const Scenario& scenario) {
  const bool has_idle_cpu = std::any_of(scenario.programs.begin(), scenario.programs.begin() + scenario.cpu_count,
                                        [](const Program& program) { return program.empty(); });
  return has_idle_cpu || absl::c_any_of(scenario.faults, [](const Fault& fault) {
           return fault.kind == FaultKind::kProgram || fault.period_ns != 0;
         });
}

TEST(ExplicitScheduleTest, PlaysTheSameExecution) {
  unsigned compared = 0;
  for (const ScheduleKind kind : kDrawn) {
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
      Scenario scenario = RandomInput(seed);
      Random random(seed);
      DrawScheduleOf(kind, scenario, random);
      if (IsBeyondSwitches(scenario)) continue;
      const Scenario written = WithExplicitSchedule(scenario);
      EXPECT_EQ(written.schedule, Schedule{});
      EXPECT_TRUE(Validate(written).ok()) << Validate(written);
      if (written.faults.size() == kFaultsMax) continue;
      ++compared;
      EXPECT_EQ(PlayTraced(written, false).trace_hash, PlayTraced(scenario, false).trace_hash)
          << PrintText({{}, {}, scenario}) << "\n"
          << PrintText({{}, {}, written});
    }
  }
  EXPECT_GT(compared, 1'000u);
}

TEST(ExplicitScheduleTest, AScenarioWithoutADrawnScheduleStaysAsItIs) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Scenario scenario = RandomInput(seed);
    scenario.schedule = {};
    EXPECT_EQ(WithExplicitSchedule(scenario), scenario);
  }
}

}  // namespace
}  // namespace rqfuzz
