// What callers do to each other: long sections, stuck owners, more locks than the held-lock table has slots, more
// nested acquires than a CPU has queue nodes.
#include <gtest/gtest.h>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/words.h"
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

// CPU 1 comes while CPU 0 is in a section of `section`.
std::string Waiter(std::string_view section) {
  return absl::StrCat("cpu 0\nacquire A\nwork ", std::string(section),
                      "\nrelease A\ncpu 1\nwork 1us\nacquire A\nrelease A\n");
}

TEST(LongSectionTest, AWaiterBearsItUpToItsLimit) {
  for (const std::string_view section : {"1ms", "100ms", "249ms"}) {
    const Scenario scenario = ReadScenario(Waiter(section));
    EXPECT_EQ(VerdictOf(scenario), "pass");
    EXPECT_EQ(StepsOf(scenario, "acquire A returns 0").size(), 2u) << section;
  }
  for (const std::string_view section : {"251ms", "600ms", "2s"}) {
    const Scenario scenario = ReadScenario(Waiter(section));
    EXPECT_EQ(VerdictOf(scenario), "pass");
    const std::vector<TraceLine> timeouts = StepsOf(scenario, "acquire A returns -ETIMEDOUT");
    ASSERT_EQ(timeouts.size(), 1u) << section;
    EXPECT_NEAR(static_cast<double>(timeouts[0].time_ns), 250e6, 1e6);
  }
}

TEST(StuckOwnerTest, WhoKeepsALockIsWaitedForUntilTheLimitAndWhoReleasesLateIsNot) {
  const Scenario kept = ReadScenario("cpu 0\nacquire A\nkeep A\ncpu 1\nwork 1us\nacquire A retry 1\nrelease A\n");
  EXPECT_EQ(VerdictOf(kept), "pass");
  EXPECT_EQ(StepsOf(kept, "acquire A returns -ETIMEDOUT").size(), 2u);
  const Scenario late =
      ReadScenario("cpu 0\nacquire A\nwork 400ms\nrelease A\ncpu 1\nwork 1us\nacquire A retry 1\nrelease A\n");
  EXPECT_EQ(VerdictOf(late), "pass");
  EXPECT_EQ(StepsOf(late, "acquire A returns -ETIMEDOUT").size(), 1u);
}

// CPU 0 holds `locks` locks and tries lock `again` once more.
Scenario Deep(unsigned locks, unsigned again) {
  std::string text = "cpu 0\n";
  for (unsigned lock = 0; lock < locks; ++lock) absl::StrAppend(&text, "acquire ", LockName(lock), "\n");
  absl::StrAppend(&text, "acquire ", LockName(again), "\nrelease ", LockName(again), "\n");
  for (unsigned lock = locks; lock-- > 0;) absl::StrAppend(&text, "release ", LockName(lock), "\n");
  return ReadScenario(text, locks);
}

TEST(TableOverflowTest, ALockOutsideTheTableIsRefusedByTheClockOnly) {
  EXPECT_EQ(StepsOf(Deep(34, 29), "acquire L29 returns -EDEADLK").size(), 1u);
  // Slot 31 of 31 is not searched either.
  EXPECT_EQ(StepsOf(Deep(34, 30), "acquire L30 returns -ETIMEDOUT").size(), 1u);
  EXPECT_EQ(StepsOf(Deep(34, 33), "acquire L33 returns -ETIMEDOUT").size(), 1u);
}

TEST(NodeExhaustionTest, TheFifthNestedAcquireGetsNoNodeAndOneTry) {
  Random random(1);
  Scenario scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  DrawNodeExhaustion(scenario, random);
  EXPECT_EQ(StepsOf(scenario, "program begins").size() >= 4u, true);
  const std::vector<TraceLine> refused = StepsOf(scenario, "acquire E returns -EDEADLK");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].depth, 4u);
  // With a program less everybody has a node.
  scenario.faults.pop_back();
  scenario.programs[kCpusMax + 3].clear();
  EXPECT_EQ(StepsOf(scenario, "acquire D returns -EDEADLK").size(), 0u);
}

}  // namespace
}  // namespace rqfuzz
