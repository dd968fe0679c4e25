#include "fuzz/play/schedule_chooser.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/play/pct_chooser.h"
#include "fuzz/play/player.h"
#include "fuzz/play/pos_chooser.h"
#include "fuzz/play/surw_chooser.h"
#include "fuzz/play/uniform_chooser.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

// CPUs that each acquire and release lock A.
Scenario Rivals(unsigned cpu_count, ScheduleKind kind) {
  Scenario scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  scenario.cpu_count = static_cast<std::uint8_t>(cpu_count);
  for (unsigned cpu = 0; cpu < cpu_count; ++cpu) {
    scenario.programs[cpu] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  }
  scenario.schedule = {.kind = kind, .depth = static_cast<std::uint8_t>(kind == ScheduleKind::kPct ? 3 : 0)};
  return scenario;
}

constexpr ScheduleKind kDrawn[] = {ScheduleKind::kUniform, ScheduleKind::kPct, ScheduleKind::kPos,
                                   ScheduleKind::kSurw};

TEST(ScheduleChooserTest, AScheduleIsAFunctionOfItsSeed) {
  for (const ScheduleKind kind : kDrawn) {
    std::set<std::uint64_t> hashes;
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
      Scenario scenario = Rivals(3, kind);
      scenario.schedule.seed = seed;
      const TracedResult once = PlayTraced(scenario, false);
      EXPECT_EQ(once.trace_hash, PlayTraced(scenario, false).trace_hash);
      EXPECT_EQ(once.result.steps, Play(scenario).steps);
      EXPECT_EQ(once.result.verdict.kind, VerdictKind::kPass) << once.result.verdict.message;
      hashes.insert(once.trace_hash);
    }
    EXPECT_GE(hashes.size(), 6u) << static_cast<int>(kind);  // the orders in which three CPUs may begin
  }
}

// Makes `accesses[cpu]` accesses to lock A on each CPU in the order that the chooser says, and returns that order. As
// on the machine, a CPU makes its first access only after it has been asked about it.
std::string Walk(ScheduleChooser& chooser, const std::vector<unsigned>& accesses) {
  std::vector<unsigned> left = accesses;
  std::vector<bool> has_come(left.size());
  std::string order;
  unsigned cpu = 0;
  for (std::uint64_t step = 1;;) {
    unsigned runnable = 0;
    for (unsigned i = 0; i < left.size(); ++i) runnable |= left[i] > 0 ? 1U << i : 0;
    if (runnable == 0) return order;
    has_come[cpu] = true;
    cpu = chooser
              .Choose({.cpu = cpu,
                       .blocked = left[cpu] == 0,
                       .runnable = runnable,
                       .live = runnable,
                       .step = step,
                       .next = {.offset = LockAddress(0) - kMemoryBase, .writes = true}})
              .cpu;
    EXPECT_NE(runnable >> cpu & 1, 0u);
    if (!has_come[cpu]) continue;
    order += static_cast<char>('0' + cpu);
    --left[cpu];
    ++step;
  }
}

// How often each order came of so many walks of two CPUs.
std::map<std::string, unsigned> Orders(ScheduleChooser& chooser, ScheduleKind kind, unsigned walks) {
  std::map<std::string, unsigned> orders;
  for (std::uint32_t seed = 0; seed < walks; ++seed) {
    Scenario scenario = Rivals(2, kind);
    scenario.schedule.seed = seed;
    chooser.Start(scenario);
    ++orders[Walk(chooser, {4, 4})];
  }
  return orders;
}

TEST(ScheduleChooserTest, UniformIsUniformAtEachPoint) {
  UniformChooser chooser;
  std::map<std::string, unsigned> orders = Orders(chooser, ScheduleKind::kUniform, 16'000);
  EXPECT_EQ(orders.size(), 70u);  // 8 over 4
  // CPU 1 comes before or within CPU 0's accesses, and then each is made with one half; or it does not come.
  EXPECT_NEAR(orders["00001111"], 3'000, 250);
}

// Each of the 70 orders as often as any other.
TEST(ScheduleChooserTest, SurwIsUniformOverOrders) {
  SurwChooser chooser;
  std::map<std::string, unsigned> orders = Orders(chooser, ScheduleKind::kSurw, 16'000);
  EXPECT_EQ(orders.size(), 70u);
  EXPECT_NEAR(orders["00001111"], 229, 60);
  EXPECT_NEAR(orders["01010101"], 229, 60);
}

TEST(ScheduleChooserTest, PctOfDepthOneNeverTakesTheCpuFromWhoRuns) {
  PctChooser chooser;
  std::map<std::string, unsigned> orders;
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    Scenario scenario = Rivals(3, ScheduleKind::kPct);
    scenario.schedule = {.kind = ScheduleKind::kPct, .depth = 1, .seed = seed};
    chooser.Start(scenario);
    ++orders[Walk(chooser, {2, 2, 2})];
  }
  EXPECT_EQ(orders.size(), 6u);
  EXPECT_NEAR(orders["001122"], 100, 40);
  EXPECT_NEAR(orders["221100"], 100, 40);
}

TEST(ScheduleChooserTest, PctOfDepthTwoTakesItOnce) {
  PctChooser chooser;
  unsigned taken = 0;
  for (std::uint32_t seed = 0; seed < 600; ++seed) {
    Scenario scenario = Rivals(2, ScheduleKind::kPct);
    scenario.schedule = {.kind = ScheduleKind::kPct, .depth = 2, .seed = seed};
    chooser.Start(scenario);
    const std::string order = Walk(chooser, {20, 20});
    const std::string later = order.substr(order.find_first_not_of(order[0]));
    const std::size_t back = later.find(order[0]);
    if (back == std::string::npos) continue;
    ++taken;
    EXPECT_EQ(later.find_first_not_of(order[0], back), std::string::npos) << order;
  }
  EXPECT_NEAR(taken, 310, 80);  // the change is drawn from 37 steps, and 19 of them lie within the first CPU's
}

// While the higher one sleeps, what the lower one does may wake it.
TEST(ScheduleChooserTest, PctLooksRarelyOnlyAtTheTop) {
  PctChooser chooser;
  Scenario scenario = Rivals(2, ScheduleKind::kPct);
  scenario.schedule = {.kind = ScheduleKind::kPct, .depth = 1, .seed = 1};
  chooser.Start(scenario);
  const unsigned top = chooser.Choose({.cpu = 0, .runnable = 3, .live = 3, .step = 1}).cpu;
  EXPECT_GT(chooser.Choose({.cpu = top, .runnable = 3, .live = 3, .step = 2}).points, 1'000'000u);
  const Decision lower = chooser.Choose({.cpu = top, .blocked = true, .runnable = 2u - top, .live = 3, .step = 3});
  EXPECT_EQ(lower.cpu, 1 - top);
  EXPECT_EQ(lower.points, 1u);
}

// Accesses to different places commute: whoever has made one goes on more often than not, because the other's access
// keeps a priority that was too low so far. A conflict draws both anew.
TEST(ScheduleChooserTest, PosDrawsAnewOnlyWhatConflicts) {
  PosChooser chooser;
  constexpr unsigned kPoints = 20'000;
  for (const bool conflict : {false, true}) {
    chooser.Start(Rivals(2, ScheduleKind::kPos));
    unsigned cpu = 0;
    unsigned went_on = 0;
    for (unsigned i = 0; i < kPoints; ++i) {
      const std::uintptr_t place = conflict ? 0 : cpu * 64;
      const unsigned next =
          chooser.Choose({.cpu = cpu, .runnable = 3, .live = 3, .next = {.offset = place, .writes = true}}).cpu;
      went_on += next == cpu;
      cpu = next;
    }
    if (conflict) EXPECT_NEAR(went_on, kPoints / 2, kPoints / 40);
    if (!conflict) EXPECT_GT(went_on, kPoints * 6 / 10);
  }
}

// A switch of the scenario's own comes on top, and a finding's text replays it.
TEST(ScheduleChooserTest, ADrawnScheduleReplaysFromItsText) {
  Random random(7);
  for (int i = 0; i < 40; ++i) {
    Scenario scenario = Rivals(3, ScheduleKind::kSwitches);
    scenario.faults = {{.moment = {.program = 0, .access = 3}, .target_cpu = 2}};
    DrawScheduleOf(kDrawn[i % 4], scenario, random);
    const absl::StatusOr<ScenarioFile> read = ParseText("x.rqs", PrintText({{}, {}, scenario}));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->scenario, scenario);
    EXPECT_EQ(PlayTraced(read->scenario, false).trace_hash, PlayTraced(scenario, false).trace_hash);
  }
}

}  // namespace
}  // namespace rqfuzz
