#include "fuzz/scenario/draw.h"

#include <map>
#include <string_view>

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/repair.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr int kDraws = 64'000;

TEST(DrawTest, WeightsAreShares) {
  Random random(1);
  int drawn[3] = {};
  for (int i = 0; i < kDraws; ++i) ++drawn[DrawWeighted({1, 0, 3}, random)];
  EXPECT_NEAR(drawn[0], kDraws / 4, kDraws / 40);
  EXPECT_EQ(drawn[1], 0);
}

TEST(DrawTest, SlowBuildsAreRare) {
  Random random(2);
  std::map<std::string_view, int> drawn;
  const locks::LockType& type = *locks::FindLockType("rqspinlock", "linux-6.17", "x86");
  for (int i = 0; i < kDraws; ++i) {
    const locks::LockType* row = DrawBuild(type, random);
    ASSERT_EQ(row->revision, type.revision);
    ++drawn[row->build];
  }
  EXPECT_GT(drawn["x86-full"], 0);
  EXPECT_LT(drawn["x86-full"], kDraws / 1000);
  EXPECT_NEAR(drawn["generic"], kDraws / 2, kDraws / 40);
  EXPECT_NEAR(drawn["large"], kDraws / 4, kDraws / 40);
}

TEST(DrawTest, AccessesAreSmallWithATail) {
  Random random(3);
  int few = 0, many = 0;
  for (int i = 0; i < kDraws; ++i) {
    const unsigned access = DrawAccess(random);
    ASSERT_GE(access, 1u);
    ASSERT_LE(access, kAccessMax);
    few += access <= 30 ? 1 : 0;
    many += access > 1000 ? 1 : 0;
  }
  EXPECT_GT(few, kDraws * 8 / 10);
  EXPECT_GT(many, kDraws / 200);
}

TEST(DrawTest, DurationsStayInRange) {
  Random random(4);
  for (int i = 0; i < kDraws; ++i) {
    ASSERT_LE(DrawDuration_ns(random), kDurationMax_ns);
    ASSERT_LE(DrawTime_ns(random), kDurationMax_ns);
  }
}

TEST(DrawTest, FaultsFillUpAndThenNoMore) {
  Random random(5);
  Scenario scenario;
  Decode({}, scenario);
  for (unsigned i = 0; i < 4 * kHandlersMax; ++i) {
    AddInterrupt(scenario, random);
    Repair(scenario);
  }
  EXPECT_EQ(HandlerCount(scenario), kHandlersMax);
  EXPECT_FALSE(AddInterrupt(scenario, random));
  while (AddSteal(scenario, random) && AddReschedule(scenario, random)) {
  }
  EXPECT_EQ(scenario.faults.size(), kFaultsMax);
  EXPECT_FALSE(AddSwitch(scenario, random));
  EXPECT_TRUE(Validate(scenario).ok()) << Validate(scenario);
}

TEST(DrawTest, DeepProgramsFitAndOutgrowTheHeldLockTable) {
  Random random(6);
  unsigned deepest = 0;
  for (int i = 0; i < 100; ++i) {
    Scenario scenario;
    Decode({}, scenario);
    scenario.programs[0] = DrawDeepProgram(scenario, random);
    ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
    deepest = std::max<unsigned>(deepest, scenario.lock_count);
  }
  EXPECT_GT(deepest, 33u);
}

}  // namespace
}  // namespace rqfuzz
