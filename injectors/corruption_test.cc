#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/repair.h"
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

TEST(CorruptionTest, ALockedBitThatFlipsHangsWhoeverComesButTheExecutionEnds) {
  constexpr std::string_view kText = "cpu 0\nwork 1us\nacquire A\nrelease A\n";
  EXPECT_EQ(VerdictOf(ReadScenario(kText)), "pass");
  const Scenario scenario = ReadScenario(std::string(kText) + "corruption in cpu 0 work access 1 of lock A bit 0\n");
  EXPECT_EQ(VerdictOf(scenario), "machine corruption");
  EXPECT_EQ(StepsOf(scenario, "bit 0 of lock A flips").size(), 1u);
  EXPECT_EQ(StepsOf(scenario, "acquire A returns -ETIMEDOUT").size(), 1u);
}

constexpr std::string_view kQueue = R"(
    cpu 0
      acquire A
        work 100us
      release A
    cpu 1
      work 1us
      acquire A
      release A
    cpu 2
      work 2us
      acquire A
      release A
    cpu 3
      work 3us
      acquire A
      release A
)";

TEST(CorruptionTest, APointerThatFlipsLeadsAstrayAndIsContained) {
  EXPECT_EQ(VerdictOf(ReadScenario(kQueue)), "pass");
  // The next pointer of the head, to the node of CPU 3.
  const Scenario scenario =
      ReadScenario(std::string(kQueue) + "corruption on cpu 0 at 50us of cpu 2 node 0 next bit 44\n");
  EXPECT_EQ(VerdictOf(scenario), "machine corruption");
  EXPECT_EQ(StepsOf(scenario, "accesses memory that is not the lock's").size(), 1u);
}

TEST(CorruptionTest, WhateverFlipsEveryExecutionEndsWithItsVerdict) {
  Random random(1);
  unsigned flipped = 0;
  for (const std::string_view revision : {"linux-7.2", "linux-6.15"}) {
    const locks::LockType& type = *locks::FindLockType("rqspinlock", revision, "generic");
    for (int i = 0; i < 2'000; ++i) {
      Scenario scenario = Generate(random, type);
      scenario.lock_type = &type;
      for (int k = 0; k < 3; ++k) AddCorruption(scenario, random);
      Repair(scenario);
      const Verdict verdict = Play(scenario).verdict;
      ASSERT_TRUE(verdict.kind != VerdictKind::kMachine || verdict.oracle == "corruption");
      flipped += verdict.kind == VerdictKind::kMachine;
    }
  }
  EXPECT_GT(flipped, 2'000u);
}

}  // namespace
}  // namespace rqfuzz
