#include "fuzz/play/timed_faults.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/machine/cpu.h"

namespace rqfuzz {
namespace {

using Due = std::vector<std::pair<std::uint64_t, unsigned>>;  // when, and which fault

Scenario WithFaults(std::initializer_list<Fault> faults) {
  Scenario scenario;
  for (const Fault& fault : faults) scenario.faults.push_back(fault);
  return scenario;
}

Fault At(std::uint64_t time_ns, std::uint64_t period_ns = 0, std::uint64_t duration_ns = 0) {
  return {.kind = FaultKind::kNmi,
          .moment = {.kind = MomentKind::kTime, .time_ns = time_ns},
          .duration_ns = duration_ns,
          .period_ns = period_ns};
}

// What is due when nobody is late.
Due PassedInTime(const Scenario& scenario) {
  TimedFaults faults;
  faults.Load(scenario);
  Due due;
  while (faults.NextNs() != kNever) {
    const std::uint64_t now_ns = faults.NextNs();
    faults.Pass(now_ns, [&](unsigned fault) { due.emplace_back(now_ns, fault); });
  }
  return due;
}

TEST(TimedFaultsTest, ComeInTheOrderOfTheirTimes) {
  EXPECT_EQ(PassedInTime(WithFaults({At(300), At(100), At(300)})), (Due{{100, 1}, {300, 0}, {300, 2}}));
}

TEST(TimedFaultsTest, OthersAreNoneOfTheirs) {
  EXPECT_EQ(PassedInTime(WithFaults({{.kind = FaultKind::kNmi}})), Due{});
}

TEST(TimedFaultsTest, AStormComesAgainUntilItsEnd) {
  EXPECT_EQ(PassedInTime(WithFaults({At(1000, 100, 250), At(1150)})),
            (Due{{1000, 0}, {1100, 0}, {1150, 1}, {1200, 0}}));
}

TEST(TimedFaultsTest, InstancesOfAStormThatNobodyCouldRaiseAreLost) {
  TimedFaults faults;
  const Scenario scenario = WithFaults({At(1000, 100, 1000)});
  faults.Load(scenario);
  unsigned count = 0;
  const auto inject = [&count](unsigned) { ++count; };
  faults.Pass(1350, inject);
  EXPECT_EQ(count, 1);
  EXPECT_EQ(faults.NextNs(), 1400);
  faults.Pass(1777, inject);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(faults.NextNs(), 1800);
}

TEST(TimedFaultsTest, AnExecutionBeginsAnew) {
  const Scenario scenario = WithFaults({At(1000, 100, 250)});
  TimedFaults faults;
  faults.Load(scenario);
  faults.Pass(1100, [](unsigned) {});
  faults.Load(scenario);
  EXPECT_EQ(faults.NextNs(), 1000);
}

}  // namespace
}  // namespace rqfuzz
