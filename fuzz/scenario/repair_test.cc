#include "fuzz/scenario/repair.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr Operation Acquire(std::uint8_t lock) { return {.kind = OperationKind::kAcquire, .lock = lock}; }
constexpr Operation Release(std::uint8_t lock) { return {.kind = OperationKind::kRelease, .lock = lock}; }

Scenario TwoCpus() {
  Scenario scenario;
  Decode({}, scenario);
  scenario.lock_count = 3;
  return scenario;
}

TEST(RepairTest, NestsPrograms) {
  Scenario scenario = TwoCpus();
  scenario.programs[0] = {Release(1), Acquire(0), Acquire(7), Release(0), Acquire(2)};
  Repair(scenario);
  const Program nested = {Acquire(0), Acquire(1), Release(1), Acquire(2), Release(2), Release(0)};
  EXPECT_EQ(scenario.programs[0], nested);
}

TEST(RepairTest, LeavesRoomForReleases) {
  Scenario scenario = TwoCpus();
  scenario.programs[0].clear();
  for (unsigned i = 0; i < kOperationsMax; ++i) scenario.programs[0].push_back(Acquire(0));
  Repair(scenario);
  EXPECT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  EXPECT_EQ(scenario.programs[0].size(), kOperationsMax);
}

TEST(RepairTest, DropsAnInterruptWithItsHandlerAndWhatHappensInIt) {
  Scenario scenario = TwoCpus();
  const Moment moment = {.program = 0, .access = 5};
  scenario.faults = {{.kind = FaultKind::kSwitch, .moment = {.program = kCpusMax + 1}},
                     {.kind = FaultKind::kNmi, .moment = moment},
                     {.kind = FaultKind::kHardirq, .moment = moment},
                     {.kind = FaultKind::kNmi, .moment = {.program = kCpusMax + 1}},
                     {.kind = FaultKind::kNmi, .moment = {.program = kCpusMax}},
                     {.kind = FaultKind::kSwitch, .moment = {.program = kCpusMax + 3}, .target_cpu = 1}};
  for (std::uint8_t handler = 0; handler < 4; ++handler) {
    scenario.programs[kCpusMax + handler] = {{.duration_ns = handler}};
  }
  Repair(scenario);
  ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  ASSERT_EQ(scenario.faults.size(), 3u);
  EXPECT_EQ(scenario.faults[0].moment, moment);
  EXPECT_EQ(scenario.faults[1].moment.program, kCpusMax);
  EXPECT_EQ(scenario.faults[2].moment.program, kCpusMax + 1);
  EXPECT_EQ(scenario.programs[kCpusMax + 1][0].duration_ns, 3u);
  EXPECT_TRUE(scenario.programs[kCpusMax + 2].empty());
}

TEST(RepairTest, DropsTheSecondInterruptAtAMomentButNoSwitches) {
  Scenario scenario = TwoCpus();
  const Moment moment = {.kind = MomentKind::kTime, .cpu = 1, .time_ns = 4};
  scenario.faults = {{.kind = FaultKind::kSwitch, .moment = moment, .target_cpu = 1},
                     {.kind = FaultKind::kSwitch, .moment = moment},
                     {.kind = FaultKind::kNmi, .moment = moment},
                     {.kind = FaultKind::kHardirq, .moment = moment}};
  Repair(scenario);
  ASSERT_EQ(scenario.faults.size(), 3u);
  EXPECT_EQ(scenario.faults[0].target_cpu, 1);
  EXPECT_EQ(scenario.faults[1].target_cpu, 0);
  EXPECT_EQ(scenario.faults[2].kind, FaultKind::kNmi);
}

TEST(KeepCallersRuleTest, TakesLocksOfHandlersWithInterruptsOff) {
  Scenario scenario = TwoCpus();
  scenario.programs[0] = {Acquire(0), Acquire(1), Release(1), Release(0)};
  scenario.programs[1] = {Acquire(1), Release(1)};
  scenario.programs[1][0].entry_point = EntryPoint::kBpf;
  scenario.faults = {{.kind = FaultKind::kHardirq, .moment = {.program = 0}},
                     {.kind = FaultKind::kNmi, .moment = {.program = 1}},
                     {.kind = FaultKind::kSoftirq, .moment = {.program = 1, .access = 2}}};
  for (unsigned handler = 0; handler < 3; ++handler) {
    scenario.programs[kCpusMax + handler] = {Acquire(1), Release(1)};
  }
  KeepCallersRule(scenario);
  EXPECT_EQ(scenario.programs[0][0].entry_point, EntryPoint::kRaw);
  EXPECT_EQ(scenario.programs[0][1].entry_point, EntryPoint::kIrqsave);
  EXPECT_EQ(scenario.programs[1][0].entry_point, EntryPoint::kBpfIrqsave);
  EXPECT_EQ(scenario.programs[kCpusMax + 0][0].entry_point, EntryPoint::kRaw);
  EXPECT_EQ(scenario.programs[kCpusMax + 1][0].entry_point, EntryPoint::kRaw);
  EXPECT_EQ(scenario.programs[kCpusMax + 2][0].entry_point, EntryPoint::kIrqsave);
}

TEST(KeepCallersRuleTest, NmisBindNobody) {
  Scenario scenario = TwoCpus();
  scenario.faults = {{.kind = FaultKind::kNmi}};
  scenario.programs[kCpusMax] = {Acquire(0), Release(0)};
  const Scenario before = scenario;
  KeepCallersRule(scenario);
  EXPECT_EQ(scenario, before);
}

}  // namespace
}  // namespace rqfuzz
