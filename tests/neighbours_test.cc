// The other locks on the machine: what each promises holds, and what it does not promise is told as the callers'
// fault or as a known limit.
#include <cerrno>
#include <map>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/text.h"
#include "lock/services.h"

namespace rqfuzz {
namespace {

// `body` is the scenario from its CPUs on, or from the line that says how many locks there are if not one.
Scenario Parse(std::string_view lock, std::string_view body) {
  const std::string locks = body.starts_with("locks") ? "" : "locks 1\n";
  const auto file = ParseText("test.rqs", "lock " + std::string(lock) + "\n" + locks + std::string(body));
  EXPECT_TRUE(file.ok()) << file.status();
  return file->scenario;
}

Verdict Judged(std::string_view lock, std::string_view body) { return Play(Parse(lock, body)).verdict; }

bool Says(const Verdict& verdict, std::string_view words) { return verdict.message.find(words) != std::string::npos; }

class NeighbourTest : public testing::TestWithParam<const char*> {};

TEST_P(NeighbourTest, RandomScenariosGiveNoFinding) {
  const locks::LockType* type = locks::FindLockType(GetParam(), "", "generic");
  ASSERT_NE(type, nullptr);
  Random random(20'260'801);
  std::map<VerdictKind, unsigned> kinds;
  std::map<std::string_view, unsigned> builds;
  for (int i = 0; i < 20'000; ++i) {
    const Scenario scenario = Generate(random, *type);
    const PlayResult result = Play(scenario);
    ++kinds[result.verdict.kind];
    ++builds[scenario.lock_type->build];
    ASSERT_NE(result.verdict.kind, VerdictKind::kFinding)
        << result.verdict.oracle << ": " << result.verdict.message << "\n" << PrintText({.scenario = scenario});
  }
  EXPECT_GT(kinds[VerdictKind::kPass], 2'000u);
  EXPECT_GT(kinds[VerdictKind::kCaller], 2'000u);
  if (locks::FindLockType(GetParam(), "", "large") != nullptr) EXPECT_GT(builds["large"], 2'000u);
}

INSTANTIATE_TEST_SUITE_P(Locks, NeighbourTest,
                         testing::Values("qspinlock", "pv_qspinlock", "virt_spin_lock", "ticket_spinlock",
                                         "arena_spinlock"),
                         [](const auto& info) { return std::string(info.param); });

constexpr std::string_view kAa = "cpu 0\n acquire A\n acquire A\n release A\n release A\n";
constexpr std::string_view kAbba =
    "locks 2\n"
    "cpu 0\n acquire A\n work 10us\n acquire B\n release B\n release A\n"
    "cpu 1\n acquire B\n work 10us\n acquire A\n release A\n release B\n";

class NeverFailsTest : public testing::TestWithParam<const char*> {};

TEST_P(NeverFailsTest, HangsInADeadlockThatTheResilientLockEnds) {
  for (const std::string_view body : {kAa, kAbba}) {
    const Verdict verdict = Judged(GetParam(), body);
    EXPECT_EQ(verdict.kind, VerdictKind::kCaller);
    EXPECT_EQ(verdict.oracle, "deadlock-by-caller");
    EXPECT_TRUE(Says(verdict, "hangs for ever; rqspinlock returns -EDEADLK here")) << verdict.message;
    EXPECT_EQ(Judged("rqspinlock linux-7.2 generic", body).kind, VerdictKind::kPass);
  }
}

TEST_P(NeverFailsTest, TakesTurnsWithoutADeadlock) {
  const Verdict verdict = Judged(GetParam(),
                                 "cpu 0\n acquire A\n work 3s\n release A\n"
                                 "cpu 1\n acquire A irqsave\n work 3s\n release A\n"
                                 "cpu 2\n acquire A bpf\n work 3s\n release A\n"
                                 "cpu 3\n acquire A bpf-irqsave\n work 3s\n release A\n"
                                 "steal in cpu 2 acquire A access 9 for 4s\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kPass) << verdict.message;
}

TEST_P(NeverFailsTest, IsNotForAnNmiOnTopOfItsOwner) {
  const Verdict verdict = Judged(GetParam(),
                                 "cpu 0\n acquire A\n work 1us\n release A\n"
                                 "nmi 0 in cpu 0 work access 1\n acquire A\n release A\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kCaller);
  EXPECT_EQ(verdict.oracle, "not-usable-in-nmi");
  EXPECT_TRUE(Says(verdict, "What came of it: From ")) << verdict.message;
}

TEST_P(NeverFailsTest, IsNotForAHardirqOnTopOfAnOwnerWithInterruptsOn) {
  const Verdict verdict = Judged(GetParam(),
                                 "cpu 0\n acquire A\n work 1us\n release A\n"
                                 "hardirq 0 in cpu 0 work access 1\n acquire A\n release A\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kCaller);
  EXPECT_EQ(verdict.oracle, "caller-rule");
  EXPECT_TRUE(Says(verdict, "hangs for ever")) << verdict.message;
}

INSTANTIATE_TEST_SUITE_P(Locks, NeverFailsTest,
                         testing::Values("qspinlock generic", "qspinlock x86", "qspinlock large",
                                         "pv_qspinlock generic", "pv_qspinlock large", "virt_spin_lock generic",
                                         "ticket_spinlock generic"),
                         [](const auto& info) {
                           std::string name(info.param);
                           name[name.find(' ')] = '_';
                           return name;
                         });

// A paravirtual lock with a fault: it halts with nobody to kick it.
int HaltForEver(void* lock) {
  kernel::preempt_disable();
  kernel::pv_wait(static_cast<const std::uint8_t*>(lock), 0);
  return 0;
}

TEST(PvQspinlockOnTheMachineTest, LostKickIsAFinding) {
  Scenario scenario = Parse("pv_qspinlock generic", "cpu 0\n acquire A\n release A\n");
  locks::LockType type = *scenario.lock_type;
  locks::EntryPoints entry_points = *type.entry_points;
  entry_points.raw_acquire = HaltForEver;
  type.entry_points = &entry_points;
  scenario.lock_type = &type;
  const Verdict verdict = Play(scenario).verdict;
  EXPECT_EQ(verdict.kind, VerdictKind::kFinding);
  EXPECT_EQ(verdict.oracle, "no-hang");
}

TEST(PvQspinlockOnTheMachineTest, InterruptWakesAHaltedWaiterThatThenHaltsAgain) {
  const Verdict verdict = Judged("pv_qspinlock generic",
                                 "cpu 0\n acquire A\n work 10ms\n release A\n"
                                 "cpu 1\n acquire A\n release A\n"
                                 "cpu 2\n acquire A\n release A\n"
                                 "hardirq 0 on cpu 1 at 1ms\n work 1us\n"
                                 "nmi 1 on cpu 2 at 2ms\n work 1us\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kPass) << verdict.message;
}

// CPU 0 has freed B and not kicked its head, CPU 1, which holds A, when the NMI halts for A.
TEST(PvQspinlockOnTheMachineTest, KickOwedByAnInterruptedReleaseIsPartOfTheDeadlock) {
  constexpr std::string_view kBody =
      "locks 2\n"
      "cpu 0\n acquire B\n work 1us\n release B\n"
      "cpu 1\n acquire A\n acquire B\n release B\n release A\n"
      "nmi 0 in cpu 0 release B access 6\n acquire A\n release A\n";
  const Verdict verdict = Judged("pv_qspinlock generic", kBody);
  EXPECT_EQ(verdict.oracle, "deadlock-by-caller") << verdict.message;
  EXPECT_TRUE(Says(verdict, "halted until the release by CPU 0 (task) kicks it")) << verdict.message;
  EXPECT_EQ(Judged("qspinlock generic", kBody).kind, VerdictKind::kPass);
}

TEST(ArenaSpinlockOnTheMachineTest, WhatATimeoutLeavesBehindIsAKnownLimit) {
  constexpr std::string_view kBody = "cpu 0\n acquire A\n work 1ms\n release A\ncpu 1\n acquire A\n release A\n";
  const Verdict verdict = Judged("arena_spinlock generic", kBody);
  EXPECT_EQ(verdict.kind, VerdictKind::kLimit);
  EXPECT_EQ(verdict.oracle, "unrepaired-timeout");
  EXPECT_TRUE(Says(verdict, "pending still set")) << verdict.message;
  EXPECT_EQ(Judged("rqspinlock linux-7.2 generic", kBody).kind, VerdictKind::kPass);
}

// What follows from it is demanded all the same where it breaks exclusion.
TEST(ArenaSpinlockOnTheMachineTest, AbandonedNodeMakesTwoOwners) {
  const auto file = ReadScenarioFile(RQFUZZ_SOURCE_DIR "/corpus/discoveries/arena-missing-repair.rqs");
  ASSERT_TRUE(file.ok()) << file.status();
  const Verdict verdict = Play(file->scenario).verdict;
  EXPECT_EQ(verdict.kind, VerdictKind::kFinding);
  ASSERT_EQ(file->expectations.size(), 1u);
  EXPECT_EQ(verdict.oracle, file->expectations[0].oracle);
  EXPECT_EQ(verdict.cause, file->expectations[0].cause);
  Scenario scenario = file->scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  EXPECT_EQ(Play(scenario).verdict.kind, VerdictKind::kPass);
}

// The same without repair, by a lock that promises it.
TEST(ArenaSpinlockOnTheMachineTest, TheSameIsAFindingForALockThatPromisesRecovery) {
  Scenario scenario = Parse("arena_spinlock generic",
                            "cpu 0\n acquire A\n work 1ms\n release A\ncpu 1\n acquire A\n release A\n");
  locks::LockType type = *scenario.lock_type;
  locks::Contract contract = *type.contract;
  contract.recovers_after_timeout = true;
  type.contract = &contract;
  scenario.lock_type = &type;
  const Verdict verdict = Play(scenario).verdict;
  EXPECT_EQ(verdict.kind, VerdictKind::kFinding);
  EXPECT_EQ(verdict.oracle, "recovery");
  EXPECT_EQ(verdict.cause, "pending-left-in-the-word");
}

TEST(ArenaSpinlockOnTheMachineTest, TimeoutBeforeTheBudgetIsAFinding) {
  Scenario scenario = Parse("arena_spinlock generic", "cpu 0\n acquire A\n release A\n");
  locks::LockType type = *scenario.lock_type;
  locks::EntryPoints entry_points = *type.entry_points;
  entry_points.raw_acquire = [](void*) { return -ETIMEDOUT; };
  type.entry_points = &entry_points;
  scenario.lock_type = &type;
  const Verdict verdict = Play(scenario).verdict;
  EXPECT_EQ(verdict.oracle, "error-cause");
  EXPECT_EQ(verdict.cause, "error-without-cause");
}

// The lock becomes free between the moment at which the waiter is told to leave and its second look.
TEST(PostedWaitConversionTest, WaiterThatWasToldToLeaveKeepsTheLock) {
  constexpr std::string_view kBody =
      "cpu 0\n acquire A\n work 600ms\n release A\n"
      "cpu 1\n acquire A\n release A\n"
      "nmi 0 in cpu 1 acquire A access ";
  constexpr std::string_view kHandler = "\n work 1s\n";
  bool found = false;
  for (int access = 1; access < 60; ++access) {
    const std::string body = std::string(kBody) + std::to_string(access) + std::string(kHandler);
    const Verdict verdict = Judged("rqspinlock posted-wait-conversion generic", body);
    if (verdict.kind == VerdictKind::kFinding) {
      found = true;
      EXPECT_EQ(verdict.oracle, "recovery");
      EXPECT_EQ(verdict.cause, "locked-left-in-the-word");
    }
    EXPECT_NE(Judged("rqspinlock linux-7.2 generic", body).kind, VerdictKind::kFinding);
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace rqfuzz
