// Charts as SVG: text that stands alone as a file or goes into a page as it is. It follows the reader's choice of
// light or dark, names no font that must be there, and loads nothing. The same chart always gives the same bytes.
// Callers: pages of this room, benchmarks, studies.
#ifndef FUZZ_REPORT_PLOT_H_
#define FUZZ_REPORT_PLOT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/report/axis.h"

namespace rqfuzz {

inline constexpr double kChartWidth = 760;

struct PlotPoint {
  double x = 0;
  double y = 0;
};

struct PlotLine {
  std::string name;               // in the legend
  std::vector<PlotPoint> points;  // in rising order of x
};

struct LineChart {
  std::string title;
  std::string x_label;  // with the unit: "CPUs", "time (s)"
  std::string y_label;
  AxisScale x_scale = AxisScale::kLinear;
  AxisScale y_scale = AxisScale::kLinear;  // a linear y axis begins at 0 if no value is below
  std::vector<PlotLine> lines;
  double width = kChartWidth;  // where it has less room it shrinks, its text too
};

// A group of bars beside each other, one for each series.
struct BarGroup {
  std::string name;
  std::vector<std::optional<double>> values;  // as many as the chart has series; empty: drawn as `absent`
};

struct BarChart {
  std::string title;
  std::string value_label;               // with the unit: "time to the first finding (s)"
  std::string absent = "none";           // what is written where a value is missing: "not found in 60 s"
  AxisScale scale = AxisScale::kLinear;  // a linear axis begins at 0; a logarithmic one takes values above 0
  std::vector<std::string> series;
  std::vector<BarGroup> groups;
  double width = kChartWidth;  // likewise
};

// Colours repeat after eight lines or series. Points must be finite numbers. A chart without points says "no data".
std::string LineChartSvg(const LineChart& chart);
// Bars run from left to right, so that names have room; the chart grows downwards with the groups.
std::string BarChartSvg(const BarChart& chart);

// Text for HTML and SVG, between tags and in quoted attributes.
std::string EscapeHtml(std::string_view text);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_PLOT_H_
