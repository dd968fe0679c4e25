#include "fuzz/engines/fuzz_target.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/engines/coverage.h"
#include "fuzz/engines/input.h"
#include "fuzz/machine/machine.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

// Counts the plays in which a caller breaks a rule.
class MisuseSink : public FindingSink {
 public:
  void CountExecution() override {
    const auto events = TheMachine().events();
    misused_ += std::any_of(events.begin(), events.end(),
                            [](const Event& event) { return event.kind == EventKind::kMisuse; });
  }
  void Report(const Scenario& /*scenario*/, const Verdict& /*finding*/) override {}

  unsigned misused() const { return misused_; }

 private:
  unsigned misused_ = 0;
};

unsigned MisusedIn50Inputs(const Injectors& requested) {
  MisuseSink sink;
  const absl::StatusOr<LockChoice> newest = LockChoice::Find("", "");
  SetCampaignTarget(*newest, requested, &sink);
  for (std::uint8_t i = 0; i < 50; ++i) LLVMFuzzerTestOneInput(&i, 1);
  SetCampaignTarget(*newest, {}, nullptr);
  return sink.misused();
}

TEST(FuzzTargetTest, WhatIsRequestedHappensInThePlaysOfAnyInput) {
  EXPECT_EQ(MisusedIn50Inputs({}), 0u);
  EXPECT_GT(MisusedIn50Inputs(*RequestedInjectors("misuse")), 5u);
}

// Else a campaign whose first input is long would end there.
TEST(FuzzTargetTest, OfALongInputIsLeftThatItWasPlayed) {
  const absl::StatusOr<LockChoice> broken = LockChoice::Find("", "linux-6.18-stable");
  MisuseSink sink;
  SetCampaignTarget(*broken, {}, &sink);
  unsigned long_ones = 0;
  for (std::uint8_t i = 0; i < 50; ++i) {
    Scenario scenario;
    bool is_long = false;
    PlayInput({.bytes = {&i, 1}, .choice = &*broken}, scenario, [&](const Scenario&, const PlayResult& result) {
      is_long |= result.steps > kCorpusStepsMax;
      return !is_long;
    });
    if (!is_long) continue;
    ++long_ones;
    const std::span<std::uint8_t> counters = ExtraCounters();
    std::fill(counters.begin(), counters.end(), 1);
    LLVMFuzzerTestOneInput(&i, 1);
    EXPECT_EQ(std::count(counters.begin(), counters.end(), 1), 1);
  }
  EXPECT_GT(long_ones, 0u);
  SetCampaignTarget(*LockChoice::Find("", ""), {}, nullptr);
}

// What the input's plays drew, or the input itself has, does not spread through a corpus.
TEST(FuzzTargetTest, MutatorsWriteNoDrawnSchedules) {
  Scenario scenario;
  Decode({}, scenario);
  scenario.schedule = {.kind = ScheduleKind::kPos, .seed = 7};
  const std::vector<std::uint8_t> input = Encode(scenario);
  constexpr std::size_t kSizeMax = 4096;
  std::vector<std::uint8_t> output(kSizeMax);
  Scenario decoded;
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::copy(input.begin(), input.end(), output.begin());
    const std::size_t mutated = LLVMFuzzerCustomMutator(output.data(), input.size(), kSizeMax, seed);
    Decode({output.data(), mutated}, decoded);
    EXPECT_EQ(decoded.schedule, Schedule{});
    const std::size_t crossed = LLVMFuzzerCustomCrossOver(input.data(), input.size(), input.data(), input.size(),
                                                          output.data(), kSizeMax, seed);
    Decode({output.data(), crossed}, decoded);
    EXPECT_EQ(decoded.schedule, Schedule{});
  }
}

}  // namespace
}  // namespace rqfuzz
