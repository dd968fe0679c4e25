#include "fuzz/engines/fuzz_target.h"

#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

#include "fuzz/machine/machine.h"

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

}  // namespace
}  // namespace rqfuzz
