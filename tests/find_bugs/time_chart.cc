#include "tests/find_bugs/time_chart.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "fuzz/check.h"

namespace rqfuzz {

BarChart TimeChartOf(const std::vector<Measurement>& measurements, double limit_s) {
  RQFUZZ_CHECK(!measurements.empty());
  const std::size_t seeds = measurements.front().seeds.size();
  BarChart chart{.title = "Time to the first finding",
                 .value_label = seeds == 1 ? "with one seed (s)" : absl::StrFormat("median of %d seeds (s)", seeds),
                 .absent = absl::StrFormat("not found in %g s by half of the seeds", limit_s),
                 .scale = AxisScale::kLogarithmic,
                 .series = {},
                 .groups = {}};
  for (const Measurement& measurement : measurements) {
    if (std::find(chart.series.begin(), chart.series.end(), measurement.strategy) != chart.series.end()) break;
    chart.series.push_back(measurement.strategy);
  }
  for (std::size_t i = 0; i < measurements.size(); ++i) {
    if (i % chart.series.size() == 0) chart.groups.push_back({measurements[i].bug.name, {}});
    chart.groups.back().values.push_back(measurements[i].MedianSeconds());
  }
  return chart;
}

}  // namespace rqfuzz
