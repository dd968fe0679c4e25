#include "fuzz/report/plot.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(AxisTest, EndsOnRoundNumbers) {
  const Axis axis(AxisScale::kLinear, 0, 47);
  EXPECT_EQ(axis.ticks(), (std::vector<double>{0, 10, 20, 30, 40, 50}));
  EXPECT_DOUBLE_EQ(axis.Position(25), 0.5);
  EXPECT_DOUBLE_EQ(axis.Position(60), 1);
}

TEST(AxisTest, PowersOfTen) {
  const Axis axis(AxisScale::kLogarithmic, 0.02, 300);
  ASSERT_EQ(axis.ticks().size(), 6u);
  EXPECT_DOUBLE_EQ(axis.ticks().front(), 0.01);
  EXPECT_DOUBLE_EQ(axis.ticks().back(), 1000);
  EXPECT_NEAR(axis.Position(1), 0.4, 1e-12);
  EXPECT_DOUBLE_EQ(axis.Position(0), 0);
}

TEST(AxisTest, ASingleNumberHasAnAxis) {
  EXPECT_GT(Axis(AxisScale::kLinear, 3, 3).ticks().size(), 1u);
  EXPECT_GT(Axis(AxisScale::kLogarithmic, 10, 10).ticks().size(), 1u);
}

TEST(AxisTest, TicksAreShort) {
  EXPECT_EQ(TickText(0), "0");
  EXPECT_EQ(TickText(0.25), "0.25");
  EXPECT_EQ(TickText(1500), "1500");
  EXPECT_EQ(TickText(46'500'000), "46.5 M");
}

TEST(PlotTest, EachLineHasItsPointsAndItsName) {
  const std::string svg =
      LineChartSvg({.title = "Speed <of> it",
                    .x_label = "CPUs",
                    .y_label = "executions/s",
                    .lines = {{"one", {{1, 10}, {2, 20}}}, {"two & more", {{1, 5}}}, {"empty", {}}}});
  EXPECT_EQ(CountOf(svg, "<polyline"), 2u);
  EXPECT_EQ(CountOf(svg, "<circle"), 3u);
  EXPECT_EQ(CountOf(svg, ">two &amp; more<"), 1u);
  EXPECT_EQ(CountOf(svg, ">Speed &lt;of&gt; it<"), 1u);
  EXPECT_EQ(CountOf(svg, "empty"), 0u);
  EXPECT_EQ(CountOf(svg, "prefers-color-scheme: dark"), 1u);
}

TEST(PlotTest, BarsAreAsLongAsTheirValues) {
  const std::string svg = BarChartSvg({.title = "t",
                                       .value_label = "s",
                                       .absent = "not found",
                                       .series = {"sparse", "uniform"},
                                       .groups = {{"a", {1.0, std::nullopt}}, {"b", {0.5, 0.25}}}});
  EXPECT_EQ(CountOf(svg, ">not found<"), 1u);
  const auto width_of_bar = [&svg](unsigned index) {
    std::size_t at = 0;
    for (unsigned i = 0; i <= index; ++i) at = svg.find("height=\"10.0\" fill", at + 1);
    return std::stod(svg.substr(svg.rfind("width=\"", at) + 7));
  };
  EXPECT_NEAR(width_of_bar(0), 2 * width_of_bar(1), 0.2);
  EXPECT_NEAR(width_of_bar(1), 2 * width_of_bar(2), 0.2);
}

TEST(PlotTest, ValuesHaveThreeDigitsAtMostBehindThePoint) {
  const std::string svg = BarChartSvg({.title = "t",
                                       .value_label = "s",
                                       .series = {"x"},
                                       .groups = {{"a", {1.23456}}, {"b", {449.0}}, {"c", {0.00193}}}});
  EXPECT_EQ(CountOf(svg, ">1.23<"), 1u) << svg;
  EXPECT_EQ(CountOf(svg, ">449<"), 1u) << svg;
  EXPECT_EQ(CountOf(svg, ">0.00193<"), 1u) << svg;
}

TEST(PlotTest, ChartsAreAsWideAsTheyAreAskedToBe) {
  const LineChart chart{
      .title = "t", .x_label = "x", .y_label = "y", .lines = {{"a", {{0, 0}, {1, 1}}}}, .width = 300};
  const std::string svg = LineChartSvg(chart);
  EXPECT_EQ(CountOf(svg, "viewBox=\"0 0 300 "), 1u) << svg;
  EXPECT_EQ(CountOf(svg, "280.0,"), 1u) << svg;  // the last point, 20 from the edge
}

TEST(PlotTest, ChartsWithoutDataSaySo) {
  EXPECT_EQ(CountOf(LineChartSvg({.title = "t"}), ">no data<"), 1u);
  EXPECT_EQ(CountOf(BarChartSvg({.title = "t"}), ">no data<"), 1u);
}

}  // namespace
}  // namespace rqfuzz
