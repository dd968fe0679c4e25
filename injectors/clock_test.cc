// Clocks that are coarse, skewed or jump, and slow CPUs.
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

// CPU 1 waits for A from the start, CPU 0 owns it longer than any limit.
constexpr char kStuck[] =
    "cpu 0\n acquire A\n work 2s\n release A\n"
    "cpu 1\n acquire A\n release A\n";

std::uint64_t TimeoutNs(const Scenario& scenario) {
  const std::vector<TraceLine> timeouts = StepsOf(scenario, "acquire A returns -ETIMEDOUT");
  EXPECT_EQ(timeouts.size(), 1u);
  EXPECT_EQ(VerdictOf(scenario), "pass");
  return timeouts.empty() ? 0 : timeouts[0].time_ns;
}

TEST(ClockTest, AJumpEndsWaitsEarly) {
  EXPECT_GE(TimeoutNs(ReadScenario(kStuck)), 250'000'000u);
  const std::uint64_t early_ns =
      TimeoutNs(ReadScenario(absl::StrCat(kStuck, "clock-jump on cpu 0 at 5ms by 100ms\n")));
  EXPECT_GE(early_ns, 150'000'000u);
  EXPECT_LT(early_ns, 151'000'000u);
  // Beyond the limit: at once, on the other CPU too.
  const std::uint64_t at_once_ns =
      TimeoutNs(ReadScenario(absl::StrCat(kStuck, "clock-jump on cpu 0 at 5ms by 300ms\n")));
  EXPECT_GE(at_once_ns, 5'000'000u);
  EXPECT_LT(at_once_ns, 5'100'000u);
}

// The first reading is 0, and the first one that exceeds 250 ms is 252 ms.
TEST(ClockTest, ACoarseClockEndsWaitsAtItsSteps) {
  const std::uint64_t time_ns = TimeoutNs(ReadScenario(absl::StrCat(kStuck, "clock granularity 4ms\n")));
  EXPECT_GE(time_ns, 252'000'000u);
  EXPECT_LT(time_ns, 252'100'000u);
}

// A clock that is 1 ms ahead takes each of its steps 1 ms earlier.
TEST(ClockTest, ASkewMovesTheSteps) {
  const std::uint64_t time_ns =
      TimeoutNs(ReadScenario(absl::StrCat(kStuck, "clock granularity 4ms\nclock skew cpu 1 1ms\n")));
  EXPECT_GE(time_ns, 251'000'000u);
  EXPECT_LT(time_ns, 251'100'000u);
}

TEST(SlowTest, EachStepTakesLonger) {
  constexpr char kAlone[] = "cpu 0\n acquire A\n release A\n";
  const PlayResult usual = Play(ReadScenario(kAlone));
  const PlayResult slow = Play(ReadScenario(absl::StrCat(kAlone, "slow cpu 0 by 8\n")));
  EXPECT_EQ(slow.steps, usual.steps);
  EXPECT_EQ(slow.virtual_ns, 8 * usual.virtual_ns);
  EXPECT_EQ(slow.verdict.kind, VerdictKind::kPass);
}

TEST(SlowTest, OnlyThatCpu) {
  constexpr char kBoth[] = "cpu 0\n work 1us\n acquire A\n release A\ncpu 1\n acquire B\n release B\n";
  const auto end_ns = [](const Scenario& scenario, std::string_view action) {
    const std::vector<TraceLine> ends = StepsOf(scenario, action);
    return ends.empty() ? 0 : ends[0].time_ns;
  };
  const Scenario usual = ReadScenario(kBoth, 2);
  const Scenario slow = ReadScenario(absl::StrCat(kBoth, "slow cpu 1 by 4\n"), 2);
  EXPECT_GT(end_ns(slow, "release B returns"), 3 * end_ns(usual, "release B returns"));
  EXPECT_EQ(end_ns(slow, "release A returns") - end_ns(slow, "acquire A"),
            end_ns(usual, "release A returns") - end_ns(usual, "acquire A"));
}

}  // namespace
}  // namespace rqfuzz
