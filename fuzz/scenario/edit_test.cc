#include "fuzz/scenario/edit.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/repair.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr Operation Acquire(std::uint8_t lock) { return {.kind = OperationKind::kAcquire, .lock = lock}; }
constexpr Operation Release(std::uint8_t lock) { return {.kind = OperationKind::kRelease, .lock = lock}; }

// Three CPUs that each acquire and release, with a fault in every operation of CPUs 0 and 2.
Scenario ThreeCpus() {
  Scenario scenario;
  Decode({}, scenario);
  scenario.cpu_count = 3;
  scenario.lock_count = 3;
  scenario.programs[2] = {Acquire(2), Release(2)};
  for (const std::uint8_t cpu : {std::uint8_t{0}, std::uint8_t{2}}) {
    for (const std::uint8_t operation : {std::uint8_t{0}, std::uint8_t{1}}) {
      scenario.faults.push_back({.moment = {.program = cpu, .operation = operation}, .target_cpu = 1});
    }
  }
  return scenario;
}

TEST(EditTest, MomentsFollowTheirOperations) {
  Scenario scenario = ThreeCpus();
  const Scenario before = scenario;
  InsertOperation(scenario, 0, 1, {.duration_ns = 5});
  EXPECT_EQ(scenario.programs[0][1].duration_ns, 5u);
  EXPECT_EQ(scenario.faults[0].moment.operation, 0);
  EXPECT_EQ(scenario.faults[1].moment.operation, 2);
  EXPECT_EQ(scenario.faults[3].moment.operation, 1);
  EraseOperation(scenario, 0, 1);
  EXPECT_EQ(scenario, before);
}

TEST(EditTest, TheLastCpuTakesTheNumberOfTheRemovedOne) {
  Scenario scenario = ThreeCpus();
  RemoveCpu(scenario, 1);
  Repair(scenario);
  EXPECT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  EXPECT_EQ(scenario.cpu_count, 2);
  EXPECT_EQ(scenario.programs[1][0].lock, 2);
  ASSERT_EQ(scenario.faults.size(), 4u);
  EXPECT_EQ(scenario.faults[2].moment.program, 1);
}

TEST(EditTest, ExchangesTwoLocks) {
  Random random(1);
  Program program = {Acquire(0), Acquire(1), Release(1), Release(0)};
  ExchangeLocks(program, 2, random);
  EXPECT_EQ(program, (Program{Acquire(1), Acquire(0), Release(0), Release(1)}));
}

}  // namespace
}  // namespace rqfuzz
