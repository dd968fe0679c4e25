#include "tests/find_bugs/time_chart.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

Measurement Of(const std::string& bug, const std::string& strategy, std::optional<double> seconds) {
  Measurement measurement;
  measurement.bug.name = bug;
  measurement.strategy = strategy;
  measurement.seeds = {std::nullopt};
  if (seconds.has_value()) measurement.seeds[0] = FirstFinding{.executions = 1, .seconds = *seconds};
  return measurement;
}

TEST(TimeChartTest, EachBugHasABarForEachStrategy) {
  const BarChart chart = TimeChartOf(
      {Of("a", "sparse", 0.5), Of("a", "uniform", std::nullopt), Of("b", "sparse", 2), Of("b", "uniform", 1)}, 60);
  EXPECT_EQ(chart.series, (std::vector<std::string>{"sparse", "uniform"}));
  ASSERT_EQ(chart.groups.size(), 2u);
  EXPECT_EQ(chart.groups[0].values, (std::vector<std::optional<double>>{0.5, std::nullopt}));
  EXPECT_EQ(chart.groups[1].values, (std::vector<std::optional<double>>{2, 1}));
}

}  // namespace
}  // namespace rqfuzz
