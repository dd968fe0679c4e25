#include "fuzz/scenario/binary.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/durations.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Short strings and long ones, some with most bytes small, so that records of every kind and size appear.
Bytes RandomBytes(Random& random) {
  Bytes bytes(random.Below(random.OneIn(4) ? 400 : 60));
  const bool small = random.OneIn(2);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(small ? 24 : 256));
  return bytes;
}

TEST(BinaryTest, EmptyInputRunsTheNewestLockOnTwoCpus) {
  Scenario scenario;
  scenario.cpu_count = 7;
  Decode({}, scenario);
  EXPECT_TRUE(Validate(scenario).ok());
  EXPECT_EQ(scenario.lock_type, &locks::AllLockTypes().front());
  EXPECT_EQ(scenario.cpu_count, 2);
  const Program acquire_release = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  EXPECT_EQ(scenario.programs[0], acquire_release);
  EXPECT_EQ(scenario.programs[1], acquire_release);
  EXPECT_TRUE(scenario.faults.empty());
}

TEST(BinaryTest, EveryByteStringIsAValidScenarioThatSurvivesTheRoundTrip) {
  Random random(1);
  Scenario scenario;  // reused, as the engines do: nothing of the last input may remain
  Scenario again;
  unsigned with_handlers = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Bytes bytes = RandomBytes(random);
    Decode(bytes, scenario);
    ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
    Decode(Encode(scenario), again);
    ASSERT_EQ(scenario, again);
    with_handlers += HandlerCount(scenario) > 1 ? 1 : 0;
  }
  EXPECT_GT(with_handlers, 1000u);
}

TEST(BinaryTest, EveryPrefixIsAValidScenario) {
  Random random(2);
  Bytes bytes(2000);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(24));
  Scenario scenario;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Decode(std::span(bytes).first(size), scenario);
    ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  }
}

TEST(BinaryTest, EveryLockTypeAndEveryMachineSurvivesTheRoundTrip) {
  Scenario scenario;
  Scenario again;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    for (unsigned locks = 1; locks <= kLocksMax; ++locks) {
      Decode({}, scenario);
      scenario.lock_type = &type;
      scenario.virtual_machine = locks % 2 == 0;
      scenario.lock_count = static_cast<std::uint8_t>(locks);
      scenario.programs[1][0].lock = scenario.programs[1][1].lock = static_cast<std::uint8_t>(locks - 1);
      Decode(Encode(scenario), again);
      ASSERT_EQ(scenario, again);
    }
  }
}

TEST(BinaryTest, DurationsAndAccessesAreExact) {
  Scenario scenario;
  Decode({}, scenario);
  Scenario again;
  for (const std::uint64_t duration_ns : {std::uint64_t{3}, kMillisecond_ns + 1, 123'456'789 * std::uint64_t{7},
                                          kDurationMax_ns - 1, kDurationMax_ns}) {
    for (const std::uint16_t access : {1, 48, 49, 255, 256, 60'000}) {
      scenario.programs[1] = {{.duration_ns = duration_ns}};
      scenario.faults = {{.kind = FaultKind::kSteal, .moment = {.access = access}, .duration_ns = duration_ns},
                         {.moment = {.kind = MomentKind::kTime, .cpu = 1, .time_ns = duration_ns}}};
      Decode(Encode(scenario), again);
      ASSERT_EQ(scenario, again);
    }
  }
}

TEST(BinaryTest, WhatIsDrawnOnRequestOnlyNeedsItsMark) {
  Scenario scenario;
  Decode({}, scenario);
  scenario.programs[0] = {{.kind = OperationKind::kAcquire, .unchecked = true},
                          {.kind = OperationKind::kStrayRelease, .entry_point = EntryPoint::kBpf},
                          {.kind = OperationKind::kAcquire},
                          {.kind = OperationKind::kRelease, .out_of_order = true},
                          {.kind = OperationKind::kRelease}};
  scenario.faults = {{.kind = FaultKind::kCorruption,
                      .corruption = {.place = CorruptedPlace::kNodeNext, .cpu = 1, .index = 3, .bit = 63}},
                     {.kind = FaultKind::kSpuriousFailure}};
  ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  Bytes bytes = Encode(scenario);
  Scenario again;
  Decode(bytes, again);
  EXPECT_EQ(scenario, again);
  constexpr std::size_t kMark = 5;  // after the lock's hash and the machine
  ASSERT_EQ(bytes[kMark], 0xFF);
  bytes.erase(bytes.begin() + kMark);
  Decode(bytes, again);
  EXPECT_FALSE(HasOptIns(again));
  // Raw bytes hardly ever have it.
  Random random(3);
  int marked = 0;
  for (int i = 0; i < 10'000; ++i) {
    Decode(RandomBytes(random), again);
    marked += HasOptIns(again) ? 1 : 0;
  }
  EXPECT_LT(marked, 100);
}

TEST(BinaryTest, FullProgramsSurviveTheRoundTrip) {
  Scenario scenario;
  Decode({}, scenario);
  for (unsigned cpu = 0; cpu < 2; ++cpu) scenario.programs[cpu].clear();
  for (unsigned i = 0; i < kOperationsMax; ++i) {
    const bool first_half = i < kOperationsMax / 2;
    scenario.programs[1].push_back({.kind = first_half ? OperationKind::kAcquire : OperationKind::kRelease});
  }
  for (unsigned i = 0; i < kFaultsMax; ++i) {
    scenario.faults.push_back({.kind = i < kHandlersMax ? FaultKind::kNmi : FaultKind::kSwitch,
                               .moment = {.program = 1, .access = static_cast<std::uint16_t>(i + 1)}});
  }
  ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  Scenario again;
  Decode(Encode(scenario), again);
  EXPECT_EQ(scenario, again);
}

}  // namespace
}  // namespace rqfuzz
