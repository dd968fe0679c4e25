// Callers that misuse the lock: the verdict is `caller`, by the name of the rule, with what came of it.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

std::string MessageOf(const Scenario& scenario) { return Play(scenario).verdict.message; }

TEST(MisuseTest, UnlockOutOfOrderLetsThisCpuMissAnAa) {
  // Both locks are held when B's slot is cleared for A; the NMI then finds B, which is held, in no slot.
  const Scenario scenario = ReadScenario(R"(
    cpu 0
      acquire A
        acquire B
        release A out-of-order
        work 1us
      release B
    nmi 0 in cpu 0 work access 1
      acquire B
      release B
  )",
                                         2);
  EXPECT_EQ(VerdictOf(scenario), "caller unlock-out-of-order");
  const std::string message = MessageOf(scenario);
  EXPECT_TRUE(message.starts_with("CPU 0 (task) releases lock A at ")) << message;
  EXPECT_TRUE(absl::StrContains(message, "before a lock that it acquired later. What came of it: ")) << message;
  EXPECT_EQ(StepsOf(scenario, "acquire B returns -EDEADLK").size(), 0u);
  EXPECT_EQ(StepsOf(scenario, "acquire B returns -ETIMEDOUT").size(), 1u);
}

TEST(MisuseTest, UnlockOutOfOrderIsHarmlessIfNobodyLooks) {
  const Scenario scenario = ReadScenario("cpu 0\nacquire A\nacquire B\nrelease A out-of-order\nrelease B\n", 2);
  EXPECT_EQ(VerdictOf(scenario), "caller unlock-out-of-order");
  EXPECT_TRUE(MessageOf(scenario).ends_with("Nothing came of it this time.")) << MessageOf(scenario);
}

TEST(MisuseTest, UnlockWithoutLockMakesTwoOwners) {
  const Scenario scenario = ReadScenario(R"(
    cpu 0
      acquire A
        work 20us
      release A
    cpu 1
      work 5us
      stray-release A
      acquire A
        work 5us
      release A
  )");
  EXPECT_EQ(VerdictOf(scenario), "caller unlock-without-lock");
  EXPECT_TRUE(absl::StrContains(MessageOf(scenario),
                                "which CPU 0 (task) owns. What came of it: CPU 1 (task) was given "
                                "lock A"))
      << MessageOf(scenario);
}

TEST(MisuseTest, UnlockWithoutLockPutsTheTableInDisorder) {
  const Scenario scenario = ReadScenario("cpu 0\nstray-release A\n");
  EXPECT_EQ(VerdictOf(scenario), "caller unlock-without-lock");
  EXPECT_TRUE(absl::StrContains(MessageOf(scenario),
                                "which nobody owns. What came of it: All calls have returned and "
                                "every lock was released, but the "))
      << MessageOf(scenario);
}

TEST(MisuseTest, AnIgnoredErrorMakesTwoOwners) {
  const Scenario scenario = ReadScenario(R"(
    cpu 0
      acquire A
        work 300ms
      release A
    cpu 1
      work 5us
      acquire A unchecked
        work 1us
      release A
  )");
  EXPECT_EQ(StepsOf(scenario, "acquire A returns -ETIMEDOUT").size(), 1u);
  EXPECT_EQ(VerdictOf(scenario), "caller ignored-error");
  EXPECT_TRUE(absl::StrContains(MessageOf(scenario),
                                "enters the section of lock A, which CPU 0 (task) owns: two "
                                "owners."))
      << MessageOf(scenario);
}

TEST(MisuseTest, UncheckedIsNoOffenceIfThereIsNoError) {
  EXPECT_EQ(VerdictOf(ReadScenario("cpu 0\nacquire A unchecked\nrelease A\n")), "pass");
}

TEST(MisuseTest, AReleaseWhoseOuterLockWasNotGivenIsInOrder) {
  // The inner acquire fails (AA), so the two releases are not exchanged: only one lock is held.
  const Scenario scenario = ReadScenario("cpu 0\nacquire A\nacquire A\nrelease A out-of-order\nrelease A\n");
  EXPECT_EQ(VerdictOf(scenario), "pass");
}

}  // namespace
}  // namespace rqfuzz
