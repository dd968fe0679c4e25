#include "fuzz/play/minimize.h"

#include <gtest/gtest.h>

#include "absl/algorithm/container.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/parts.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

// What minimising may cost: far above the 152 that the hardest file of corpus/ costs now.
constexpr std::uint64_t kExecutionsMax = 20'000;

Scenario RandomScenario(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> bytes(700);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(256));
  Scenario scenario;
  Decode(bytes, scenario);
  return scenario;
}

unsigned CountOperations(const Scenario& scenario, OperationKind kind) {
  unsigned count = 0;
  for (const Program& program : scenario.programs) {
    for (const Operation& operation : program) count += operation.kind == kind;
  }
  return count;
}

TEST(MinimizeTest, KeepsNothingButWhatTheVerdictNeeds) {
  // Stands for a bug: a lock taken while the same CPU holds two others.
  const auto three_open = [](const Scenario& scenario) {
    for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
      unsigned open = 0;
      for (const Operation& operation : scenario.programs[cpu]) {
        if (operation.kind == OperationKind::kAcquire && ++open == 3) return true;
        if (operation.kind == OperationKind::kRelease) --open;
      }
    }
    return false;
  };
  unsigned minimized_count = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Scenario original = RandomScenario(seed);
    if (!three_open(original)) continue;
    ++minimized_count;
    const Minimized minimized = MinimizeKeeping(original, three_open);
    EXPECT_TRUE(three_open(minimized.scenario));
    EXPECT_TRUE(Validate(minimized.scenario).ok());
    EXPECT_EQ(minimized.scenario.cpu_count, 1);
    EXPECT_EQ(minimized.scenario.lock_count, 1);
    EXPECT_EQ(CountOperations(minimized.scenario, OperationKind::kAcquire), 3u);
    EXPECT_EQ(CountOperations(minimized.scenario, OperationKind::kWork), 0u);
    EXPECT_TRUE(minimized.scenario.faults.empty());
    EXPECT_FALSE(minimized.scenario.virtual_machine);
  }
  EXPECT_GT(minimized_count, 0u);
}

TEST(MinimizeTest, IsMinimalForRemovalAndDeterministic) {
  // An arbitrary property that several kinds of parts contribute to.
  const auto rich = [](const Scenario& scenario) {
    return scenario.faults.size() >= 2 && CountOperations(scenario, OperationKind::kAcquire) >= 2 &&
           CountOperations(scenario, OperationKind::kWork) % 2 == 1;
  };
  unsigned minimized_count = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Scenario original = RandomScenario(seed);
    if (!rich(original)) continue;
    ++minimized_count;
    const Minimized minimized = MinimizeKeeping(original, rich);
    for (const Part& part : PartsOf(minimized.scenario)) {
      const Scenario smaller = WithoutParts(minimized.scenario, {&part, 1});
      EXPECT_TRUE(smaller == minimized.scenario || !rich(smaller));
    }
    const Minimized again = MinimizeKeeping(original, rich);
    EXPECT_EQ(again.scenario, minimized.scenario);
    EXPECT_EQ(again.executions, minimized.executions);
  }
  EXPECT_GT(minimized_count, 0u);
}

TEST(MinimizeTest, NumbersBecomeSmallAndRound) {
  Scenario scenario;
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.programs[0] = {{.kind = OperationKind::kWork, .duration_ns = 123'456'789}};
  scenario.faults = {{.kind = FaultKind::kReschedule, .moment = {.access = 4321}}};
  const auto long_work_and_late_fault = [](const Scenario& candidate) {
    return !candidate.programs[0].empty() && candidate.programs[0][0].duration_ns >= 2'000'000 &&
           !candidate.faults.empty() && candidate.faults[0].moment.access >= 77;
  };
  const Minimized minimized = MinimizeKeeping(scenario, long_work_and_late_fault);
  EXPECT_EQ(minimized.scenario.programs[0][0].duration_ns, 10'000'000u);
  EXPECT_EQ(minimized.scenario.faults[0].moment.access, 77);
}

TEST(MinimizeTest, ASwitchGoesToTheFirstCpuThatDoes) {
  Scenario scenario;
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.cpu_count = 3;
  scenario.programs[0] = {{.kind = OperationKind::kWork}};
  scenario.faults = {{.kind = FaultKind::kSwitch, .target_cpu = 2}};
  const Minimized minimized = MinimizeKeeping(scenario, [](const Scenario& candidate) {
    return !candidate.faults.empty() && candidate.faults[0].target_cpu != 0;
  });
  EXPECT_EQ(minimized.scenario.faults[0].target_cpu, 1);
  EXPECT_EQ(minimized.scenario.cpu_count, 2);
}

TEST(MinimizeTest, SaysWhatItRemoved) {
  Scenario scenario;
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.cpu_count = 3;
  scenario.virtual_machine = true;
  scenario.faults = {{.kind = FaultKind::kSwitch, .moment = {.kind = MomentKind::kTime}, .target_cpu = 1}};
  const Minimized minimized = MinimizeKeeping(scenario, [](const Scenario&) { return true; });
  EXPECT_TRUE(absl::c_linear_search(minimized.removed, "2 of 3 CPUs"));
  EXPECT_TRUE(absl::c_linear_search(minimized.removed, "1 of 1 switch"));
  EXPECT_TRUE(absl::c_linear_search(minimized.removed, "the virtual machine"));
}

TEST(MinimizeTest, SaysWhatBecameOfADrawnSchedule) {
  Scenario scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  scenario.cpu_count = 2;
  for (unsigned cpu = 0; cpu < 2; ++cpu) {
    scenario.programs[cpu] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  }
  scenario.schedule = {.kind = ScheduleKind::kUniform, .seed = 1};
  const Minimized without = MinimizeKeeping(scenario, [](const Scenario&) { return true; });
  EXPECT_TRUE(absl::c_linear_search(without.removed, "the drawn schedule"));
  const Minimized written = MinimizeKeeping(scenario, [](const Scenario& candidate) {
    return candidate.schedule.kind != ScheduleKind::kSwitches || !candidate.faults.empty();
  });
  EXPECT_TRUE(absl::c_linear_search(written.removed, "the drawn schedule (now 1 switch)"));
}

// --- Real verdicts ---

bool IsSame(const Verdict& a, const Verdict& b) {
  return a.kind == b.kind && a.oracle == b.oracle && a.cause == b.cause;
}

// Scenarios of corpus/ that do not pass, on the revision that they name.
std::vector<Scenario> FromCorpus() {
  std::vector<Scenario> scenarios;
  const auto paths = ScenarioFilesBelow(RQFUZZ_SOURCE_DIR "/corpus");
  for (const std::string& path : *paths) {
    const auto file = ReadScenarioFile(path);
    if (file.ok() && Play(file->scenario).verdict.kind != VerdictKind::kPass) scenarios.push_back(file->scenario);
  }
  return scenarios;
}

// Raw findings, as a campaign meets them.
std::vector<Scenario> FromGenerator(std::size_t count, ScheduleKind kind = ScheduleKind::kSwitches) {
  std::vector<Scenario> scenarios;
  const locks::LockType& type = *locks::FindLockType("rqspinlock", "linux-6.17", "generic");
  for (std::uint64_t seed = 0; scenarios.size() < count; ++seed) {
    Random random(seed);
    Scenario scenario = Generate(random, type);
    DrawScheduleOf(kind, scenario, random);
    if (Play(scenario).verdict.kind == VerdictKind::kFinding) scenarios.push_back(scenario);
  }
  return scenarios;
}

// Nothing is left that could go, the verdict is the same, and it took no more executions than a few seconds allow.
void ExpectMinimal(const Scenario& original) {
  const Verdict keep = Play(original).verdict;
  const Minimized minimized = Minimize(original, keep);
  const Scenario& minimal = minimized.scenario;
  EXPECT_TRUE(IsSame(Play(minimal).verdict, keep));
  EXPECT_LE(minimized.executions, kExecutionsMax);
  for (const Part& part : PartsOf(minimal)) {
    const Scenario smaller = WithoutParts(minimal, {&part, 1});
    EXPECT_TRUE(smaller == minimal || !IsSame(Play(smaller).verdict, keep)) << PrintText({{}, {}, minimal});
  }
  for (unsigned into = 0; into < minimal.lock_count; ++into) {
    for (unsigned from = into + 1; from < minimal.lock_count; ++from) {
      EXPECT_FALSE(IsSame(Play(WithLockMerged(minimal, from, into)).verdict, keep));
    }
  }
  const Minimized again = Minimize(minimal, keep);
  EXPECT_EQ(again.scenario, minimal) << "not at its end: it goes on when it is started again";
  EXPECT_TRUE(again.removed.empty());
}

TEST(MinimizeTest, NothingCanBeTakenFromWhatIsKeptOfTheCorpus) {
  const std::vector<Scenario> scenarios = FromCorpus();
  EXPECT_GE(scenarios.size(), 18u);
  for (const Scenario& scenario : scenarios) ExpectMinimal(scenario);
}

TEST(MinimizeTest, NothingCanBeTakenFromWhatIsKeptOfRawFindings) {
  for (const Scenario& scenario : FromGenerator(40)) ExpectMinimal(scenario);
}

TEST(MinimizeTest, AFindingOfADrawnScheduleEndsWithoutIt) {
  for (const ScheduleKind kind :
       {ScheduleKind::kUniform, ScheduleKind::kPct, ScheduleKind::kPos, ScheduleKind::kSurw}) {
    for (const Scenario& scenario : FromGenerator(15, kind)) {
      ExpectMinimal(scenario);
      const Scenario minimal = Minimize(scenario, Play(scenario).verdict).scenario;
      EXPECT_EQ(minimal.schedule, Schedule{}) << PrintText({{}, {}, minimal});
    }
  }
}

TEST(MinimizeTest, TheSameFindingGivesTheSameMinimalScenario) {
  for (const Scenario& scenario : FromGenerator(3)) {
    const Verdict keep = Play(scenario).verdict;
    const Minimized first = Minimize(scenario, keep);
    const Minimized second = Minimize(scenario, keep);
    EXPECT_EQ(first.scenario, second.scenario);
    EXPECT_EQ(first.executions, second.executions);
  }
}

TEST(MinimizeTest, NoCandidateIsTriedTwice) {
  std::size_t tried_count = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<Scenario> tried;
    MinimizeKeeping(RandomScenario(seed), [&](const Scenario& candidate) {
      EXPECT_FALSE(absl::c_linear_search(tried, candidate));
      tried.push_back(candidate);
      return candidate.cpu_count > 1 && candidate.faults.size() > 1;
    });
    tried_count += tried.size();
  }
  EXPECT_GT(tried_count, 200u);
}

TEST(MinimizeTest, AScenarioWithoutThePropertyIsReturnedUnchanged) {
  const Scenario scenario = RandomScenario(5);
  const Minimized minimized = MinimizeKeeping(scenario, [](const Scenario&) { return false; });
  EXPECT_EQ(minimized.scenario, scenario);
  EXPECT_TRUE(minimized.removed.empty());
  EXPECT_EQ(minimized.executions, 1u);
}

}  // namespace
}  // namespace rqfuzz
