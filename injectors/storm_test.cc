// Interrupts that repeat.
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

std::vector<std::uint64_t> Times(const Scenario& scenario, std::string_view action) {
  std::vector<std::uint64_t> times_ns;
  for (const TraceLine& line : StepsOf(scenario, action)) times_ns.push_back(line.time_ns);
  return times_ns;
}

TEST(StormTest, TheHandlerRunsEachTime) {
  const Scenario storm = ReadScenario("cpu 0\n work 1ms\nnmi 0 on cpu 0 at 100us every 10us for 40us\n");
  EXPECT_EQ(Times(storm, "nmi begins"), (std::vector<std::uint64_t>{100'000, 110'000, 120'000, 130'000, 140'000}));
  const Scenario once = ReadScenario("cpu 0\n work 1ms\nnmi 0 on cpu 0 at 100us\n");
  EXPECT_EQ(Times(once, "nmi begins"), (std::vector<std::uint64_t>{100'000}));
}

// While the first one runs, five more come: one is latched and runs at its end, the others are lost.
TEST(StormTest, OnePendingInstanceIsLatched) {
  const Scenario storm =
      ReadScenario("cpu 0\n work 1ms\nhardirq 0 on cpu 0 at 100us every 10us for 50us\n work 55us\n");
  EXPECT_EQ(Times(storm, "hardirq begins").size(), 2u);
  const Scenario sparse =
      ReadScenario("cpu 0\n work 1ms\nhardirq 0 on cpu 0 at 100us every 60us for 300us\n work 55us\n");
  EXPECT_EQ(Times(sparse, "hardirq begins").size(), 6u);
}

TEST(StormTest, MasksHoldItBack) {
  const Scenario storm = ReadScenario(
      "cpu 0\n acquire A irqsave\n work 1ms\n release A\nhardirq 0 on cpu 0 at 100us every 100us for 800us\n");
  const std::vector<std::uint64_t> times_ns = Times(storm, "hardirq begins");
  ASSERT_EQ(times_ns.size(), 1u);
  EXPECT_GE(times_ns[0], 1'000'000u);
}

}  // namespace
}  // namespace rqfuzz
