#include "fuzz/play/parts.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr Operation Acquire(std::uint8_t lock) { return {.kind = OperationKind::kAcquire, .lock = lock}; }
constexpr Operation Release(std::uint8_t lock) { return {.kind = OperationKind::kRelease, .lock = lock}; }
constexpr Operation Work(std::uint64_t ns) { return {.kind = OperationKind::kWork, .duration_ns = ns}; }

Moment At(unsigned program, unsigned operation) {
  return {.program = static_cast<std::uint8_t>(program), .operation = static_cast<std::uint8_t>(operation)};
}

// CPU 0 and 1 take locks 0 and 1; an NMI on CPU 1 has an NMI of its own.
Scenario Example() {
  Scenario scenario;
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.cpu_count = 2;
  scenario.lock_count = 2;
  scenario.programs[0] = {Acquire(0), Work(10), Acquire(1), Release(1), Release(0)};
  scenario.programs[1] = {Acquire(1), Release(1)};
  scenario.programs[kCpusMax] = {Acquire(0), Release(0)};
  scenario.programs[kCpusMax + 1] = {Work(7)};
  scenario.faults = {{.kind = FaultKind::kSwitch, .moment = At(0, 2), .target_cpu = 1},
                     {.kind = FaultKind::kNmi, .moment = At(1, 0)},
                     {.kind = FaultKind::kNmi, .moment = At(kCpusMax, 1)},
                     {.kind = FaultKind::kSwitch, .moment = At(kCpusMax + 1, 0), .target_cpu = 0}};
  return scenario;
}

Scenario Without(const Scenario& scenario, Part part) { return WithoutParts(scenario, {&part, 1}); }

TEST(PartsTest, ExampleIsValid) { EXPECT_TRUE(Validate(Example()).ok()) << Validate(Example()); }

TEST(PartsTest, RemovingACpuRemovesItsInterruptsAndRenumbersTheOthers) {
  const Scenario scenario = Without(Example(), {.kind = PartKind::kCpu, .index = 0});
  EXPECT_EQ(scenario.cpu_count, 1);
  EXPECT_EQ(scenario.programs[0], Example().programs[1]);
  EXPECT_EQ(scenario.programs[kCpusMax], Example().programs[kCpusMax]);
  ASSERT_EQ(scenario.faults.size(), 2u);  // both switches named CPU 0 or lay on it
  EXPECT_EQ(scenario.faults[0].moment, At(0, 0));
}

TEST(PartsTest, RemovingAnInterruptRemovesWhatHappensInItsHandler) {
  const Scenario scenario = Without(Example(), {.kind = PartKind::kFault, .index = 1});
  ASSERT_EQ(scenario.faults.size(), 1u);
  EXPECT_EQ(scenario.faults[0], Example().faults[0]);
  EXPECT_TRUE(scenario.programs[kCpusMax].empty());
  EXPECT_TRUE(scenario.programs[kCpusMax + 1].empty());
}

TEST(PartsTest, RemovingASectionKeepsWhatStandsInsideAndShiftsMoments) {
  const Scenario scenario = Without(Example(), {.kind = PartKind::kSection, .program = 0, .index = 0});
  EXPECT_EQ(scenario.programs[0], (Program{Work(10), Acquire(1), Release(1)}));
  EXPECT_EQ(scenario.faults[0].moment, At(0, 1));
}

TEST(PartsTest, RemovingALockRenumbersTheOthers) {
  const Scenario scenario = Without(Example(), {.kind = PartKind::kLock, .index = 0});
  EXPECT_EQ(scenario.lock_count, 1);
  EXPECT_EQ(scenario.programs[0], (Program{Work(10), Acquire(0), Release(0)}));
}

TEST(PartsTest, TheLastCpuStays) {
  const Part parts[] = {{.kind = PartKind::kCpu, .index = 0}, {.kind = PartKind::kCpu, .index = 1}};
  EXPECT_EQ(WithoutParts(Example(), parts), Example());
}

TEST(PartsTest, MergedLocksNestAsBefore) {
  const Scenario scenario = WithLockMerged(Example(), 1, 0);
  EXPECT_EQ(scenario.lock_count, 1);
  EXPECT_EQ(scenario.programs[0], (Program{Acquire(0), Work(10), Acquire(0), Release(0), Release(0)}));
  EXPECT_TRUE(Validate(scenario).ok());
}

TEST(PartsTest, WhateverIsRemovedLeavesAValidScenario) {
  Random random(1);
  Scenario scenario;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint8_t> bytes(random.Below(600));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(256));
    Decode(bytes, scenario);
    std::vector<Part> parts;
    for (const Part& part : PartsOf(scenario)) {
      if (random.Below(4) == 0) parts.push_back(part);
      const Scenario smaller = Without(scenario, part);
      ASSERT_TRUE(Validate(smaller).ok()) << Validate(smaller);
    }
    const Scenario smaller = WithoutParts(scenario, parts);
    ASSERT_TRUE(Validate(smaller).ok()) << Validate(smaller);
  }
}

}  // namespace
}  // namespace rqfuzz
