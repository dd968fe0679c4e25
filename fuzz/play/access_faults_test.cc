#include "fuzz/play/access_faults.h"

#include <initializer_list>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

Scenario WithFaults(std::initializer_list<Fault> faults) {
  Scenario scenario;
  for (const Fault& fault : faults) scenario.faults.push_back(fault);
  return scenario;
}

Fault At(std::uint8_t program, std::uint8_t operation, std::uint16_t access, FaultKind kind = FaultKind::kNmi,
         std::uint8_t target_cpu = 0) {
  return {.kind = kind,
          .moment = {.kind = MomentKind::kAccess, .program = program, .operation = operation, .access = access},
          .target_cpu = target_cpu};
}

Fault SwitchAt(std::uint8_t program, std::uint8_t operation, std::uint16_t access, std::uint8_t target_cpu) {
  return At(program, operation, access, FaultKind::kSwitch, target_cpu);
}

// The faults of an operation: at which point, and which.
std::vector<std::pair<unsigned, unsigned>> Passed(const AccessFaults& faults, AccessFaults::Ahead& ahead,
                                                  unsigned operation) {
  std::vector<std::pair<unsigned, unsigned>> passed;
  while (const unsigned point = faults.NextPoint(ahead, operation)) passed.emplace_back(point, faults.Pass(ahead));
  return passed;
}

// The list up to its end: at which points, and to whom.
std::vector<std::pair<unsigned, unsigned>> Listed(const SwitchPoint* list) {
  std::vector<std::pair<unsigned, unsigned>> listed;
  for (; list->point != kNoPoint; ++list) listed.emplace_back(list->point, list->cpu);
  return listed;
}

using Pairs = std::vector<std::pair<unsigned, unsigned>>;

TEST(AccessFaultsTest, ComeInTheOrderOfTheirPointsAndThenOfTheScenario) {
  const Scenario scenario =
      WithFaults({At(1, 0, 9), At(1, 0, 2), At(0, 0, 5), At(1, 1, 1), At(1, 0, 2, FaultKind::kSteal)});
  AccessFaults faults;
  faults.Load(scenario);
  AccessFaults::Ahead ahead = faults.Of(1);
  faults.StartOperation(ahead, 0);
  EXPECT_EQ(Passed(faults, ahead, 0), (Pairs{{2, 1}, {2, 4}, {9, 0}}));
  faults.StartOperation(ahead, 1);
  EXPECT_EQ(Passed(faults, ahead, 1), (Pairs{{1, 3}}));
  AccessFaults::Ahead of_other = faults.Of(0);
  faults.StartOperation(of_other, 0);
  EXPECT_EQ(Passed(faults, of_other, 0), (Pairs{{5, 2}}));
}

TEST(AccessFaultsTest, WhatItsOperationDidNotComeToIsBehind) {
  const Scenario scenario =
      WithFaults({At(0, 0, 50), At(0, 1, 1), At(0, 2, 7), SwitchAt(0, 0, 40, 1), SwitchAt(0, 1, 1, 1), SwitchAt(0, 2, 8, 2)});
  AccessFaults faults;
  faults.Load(scenario);
  AccessFaults::Ahead ahead = faults.Of(0);
  faults.StartOperation(ahead, 0);
  EXPECT_EQ(faults.NextPoint(ahead, 0), 50);
  EXPECT_EQ(Listed(faults.StartOperation(ahead, 2)), (Pairs{{8, 2}}));
  EXPECT_EQ(Passed(faults, ahead, 2), (Pairs{{7, 2}}));
}

TEST(AccessFaultsTest, EachOperationHasItsListOfSwitches) {
  const Scenario scenario = WithFaults({SwitchAt(1, 2, 4, 0), SwitchAt(0, 0, 9, 1), SwitchAt(0, 0, 3, 2), At(0, 0, 3),
                                        SwitchAt(0, 0, 3, 1), SwitchAt(0, 2, 1, 3)});
  AccessFaults faults;
  faults.Load(scenario);
  AccessFaults::Ahead ahead = faults.Of(0);
  EXPECT_EQ(Listed(faults.StartOperation(ahead, 0)), (Pairs{{3, 2}, {3, 1}, {9, 1}}));
  EXPECT_TRUE(Listed(faults.StartOperation(ahead, 1)).empty());
  EXPECT_EQ(Listed(faults.StartOperation(ahead, 2)), (Pairs{{1, 3}}));
  AccessFaults::Ahead of_other = faults.Of(1);
  EXPECT_EQ(Listed(faults.StartOperation(of_other, 2)), (Pairs{{4, 0}}));
  AccessFaults::Ahead of_last = faults.Of(kProgramsMax - 1);
  EXPECT_TRUE(Listed(faults.StartOperation(of_last, 0)).empty());
}

TEST(AccessFaultsTest, OfTheScenarioBeforeNothingIsLeft) {
  AccessFaults faults;
  const Scenario full = WithFaults({At(0, 0, 1), SwitchAt(0, 0, 2, 1)});
  faults.Load(full);
  const Scenario other = WithFaults({{.kind = FaultKind::kNmi, .moment = {.kind = MomentKind::kTime, .time_ns = 5}}});
  faults.Load(other);
  AccessFaults::Ahead ahead = faults.Of(0);
  EXPECT_TRUE(Listed(faults.StartOperation(ahead, 0)).empty());
  EXPECT_EQ(faults.NextPoint(ahead, 0), 0);
}

}  // namespace
}  // namespace rqfuzz
