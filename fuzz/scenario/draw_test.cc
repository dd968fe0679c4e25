#include "fuzz/scenario/draw.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

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

TEST(DrawTest, AccessesOfAnAcquireAreSmallWithATail) {
  Random random(3);
  int few = 0, many = 0;
  for (int i = 0; i < kDraws; ++i) {
    const unsigned access = DrawAccess(OperationKind::kAcquire, random);
    ASSERT_GE(access, 1u);
    ASSERT_LE(access, kAccessMax);
    few += access <= 40 ? 1 : 0;
    many += access > 1000 ? 1 : 0;
  }
  EXPECT_GT(few, kDraws * 8 / 10);
  EXPECT_GT(many, kDraws / 200);
}

TEST(DrawTest, OnlyAccessesThatWorkAndReleasesMakeAreDrawn) {
  constexpr unsigned kOfTheLongestRelease = 9;  // corpus/upstream/preempt-before-irq.rqs shows it
  Random random(7);
  unsigned last = 0;
  for (int i = 0; i < kDraws; ++i) {
    ASSERT_EQ(DrawAccess(OperationKind::kWork, random), 1u);
    last = std::max<unsigned>(last, DrawAccess(OperationKind::kRelease, random));
  }
  EXPECT_EQ(last, kOfTheLongestRelease);
}

TEST(DrawTest, MostTimesLieWithinWork) {
  Random random(8);
  Scenario scenario;
  Decode({}, scenario);
  scenario.cpu_count = 1;
  constexpr std::uint64_t kBegin_ns = 777'000;
  constexpr std::uint64_t kEnd_ns = kBegin_ns + 5'000;
  scenario.programs[0] = {{.duration_ns = kBegin_ns},
                          {.kind = OperationKind::kAcquire},
                          {.duration_ns = kEnd_ns - kBegin_ns},
                          {.kind = OperationKind::kRelease}};
  int within_first = 0, within_second = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t time_ns = DrawTimeMoment(scenario, random).time_ns;
    within_first += time_ns <= kBegin_ns;
    within_second += time_ns > kBegin_ns && time_ns <= kEnd_ns;
  }
  EXPECT_GT(within_first, kDraws / 4);
  EXPECT_GT(within_second, kDraws / 4);
}

TEST(DrawTest, MomentsWithInterruptsOffLieInSuchASection) {
  Random random(9);
  Scenario scenario;
  Decode({}, scenario);
  scenario.cpu_count = 2;
  scenario.programs[0] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  scenario.programs[1] = {{.kind = OperationKind::kAcquire},
                          {.kind = OperationKind::kAcquire, .entry_point = EntryPoint::kIrqsave},
                          {.duration_ns = 1},
                          {.kind = OperationKind::kRelease},
                          {.kind = OperationKind::kRelease}};
  int drawn[5] = {};
  for (int i = 0; i < kDraws; ++i) {
    const Moment moment = DrawMomentWithInterruptsOff(scenario, random);
    ASSERT_EQ(moment.kind, MomentKind::kAccess);
    ASSERT_EQ(moment.program, 1);
    ++drawn[moment.operation];
  }
  EXPECT_EQ(drawn[0] + drawn[4], 0);
  for (const int share : {drawn[1], drawn[2], drawn[3]}) EXPECT_NEAR(share, kDraws / 3, kDraws / 30);
}

TEST(DrawTest, WithoutASectionWithInterruptsOffAnyMomentWillDo) {
  Random random(10);
  Scenario scenario;
  Decode({}, scenario);
  scenario.programs[0] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  scenario.faults.push_back(
      {.kind = FaultKind::kReschedule, .moment = DrawMomentWithInterruptsOff(scenario, random)});
  EXPECT_TRUE(Validate(scenario).ok()) << Validate(scenario);
}

// How many sections of a program take a lock that it holds already.
unsigned SectionsOfHeldLocks(const Program& program) {
  std::vector<unsigned> held;
  unsigned sections = 0;
  for (const Operation& operation : program) {
    if (operation.kind == OperationKind::kAcquire) {
      sections += std::count(held.begin(), held.end(), operation.lock) != 0;
      held.push_back(operation.lock);
    } else if (operation.kind == OperationKind::kRelease) {
      held.pop_back();
    }
  }
  return sections;
}

TEST(DrawTest, MostCpusWantOneLockAndFewTakeItTwice) {
  constexpr unsigned kLocks = 3;
  Random random(11);
  unsigned first[kLocks] = {};
  unsigned twice = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Program program = DrawProgram(kLocks, random);
    const auto acquire = std::find_if(program.begin(), program.end(), [](const Operation& operation) {
      return operation.kind == OperationKind::kAcquire;
    });
    ++first[acquire->lock];
    twice += SectionsOfHeldLocks(program) != 0;
  }
  EXPECT_NEAR(first[0], kDraws * 2 / 3, kDraws / 30);
  EXPECT_NEAR(first[1], first[2], kDraws / 60);
  EXPECT_GT(twice, kDraws / 20);
  EXPECT_LT(twice, kDraws / 3);
}

TEST(DrawTest, DurationsStayInRange) {
  Random random(4);
  for (int i = 0; i < kDraws; ++i) {
    ASSERT_LE(DrawDuration_ns(random), kDurationMax_ns);
    ASSERT_LE(DrawTheft_ns(random), kDurationMax_ns);
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
