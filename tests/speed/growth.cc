#include "tests/speed/growth.h"

#include <utility>

#include "fuzz/report/plot.h"

namespace rqfuzz {
namespace {

// Long enough for every other CPU to come and wait, shorter than any limit.
constexpr std::uint64_t kSection_ns = 10'000;

template <typename MakeShape>
Growth Grow(std::string what, std::initializer_list<unsigned> counts, unsigned runs, MakeShape make_shape) {
  Growth growth{.what = std::move(what), .rows = {}};
  for (const unsigned count : counts) growth.rows.push_back({count, MeasurePlay(make_shape(count), runs)});
  return growth;
}

}  // namespace

std::vector<Growth> MeasureGrowth(unsigned runs) {
  return {
      Grow("CPUs", {1, 2, 3, 4, 5, 6, 7, 8}, runs, [](unsigned cpus) { return Shape{.cpus = cpus}; }),
      Grow("CPUs that wait", {2, 3, 4, 5, 6, 7, 8}, runs,
           [](unsigned cpus) { return Shape{.cpus = cpus, .section_ns = kSection_ns}; }),
      Grow("operations of each of 2 CPUs", {2, 4, 8, 16, 32, 64}, runs,
           [](unsigned operations) { return Shape{.cpus = 2, .sections = operations / 2}; }),
      Grow("locks, nested", {1, 2, 4, 8, 16, 32}, runs,
           [](unsigned locks) { return Shape{.cpus = 2, .locks = locks}; }),
  };
}

std::string GrowthSvg(const std::vector<Growth>& growths) {
  LineChart chart{.title = "What a step of an execution costs",
                  .x_label = "count",
                  .y_label = "CPU time for each step (ns)",
                  .x_scale = AxisScale::kLogarithmic,
                  .lines = {}};
  for (const Growth& growth : growths) {
    PlotLine line{.name = growth.what, .points = {}};
    for (const GrowthRow& row : growth.rows) {
      line.points.push_back(
          {static_cast<double>(row.count), row.speed.ns.Median() / static_cast<double>(row.speed.steps)});
    }
    chart.lines.push_back(std::move(line));
  }
  return LineChartSvg(chart);
}

}  // namespace rqfuzz
