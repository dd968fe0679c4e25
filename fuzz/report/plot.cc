#include "fuzz/report/plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "fuzz/check.h"

namespace rqfuzz {
namespace {

constexpr double kCharacterWidth = 6.7;  // of the text size below, generously
constexpr double kTop = 34;              // room for the title
constexpr double kLegendLine = 18;
constexpr std::size_t kColours = 8;

// Colours that people with any colour vision tell apart (Okabe and Ito), lighter ones on a dark ground.
constexpr std::string_view kStyle = R"(<style>
.plot { --paper: #fff; --ink: #1b1b1b; --faint: #d8d8d8; --soft: #666; font: 12px sans-serif;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #8a6d00; --c5: #56b4e9; --c6: #5e3c99; --c7: #777; }
@media screen and (prefers-color-scheme: dark) {
.plot { --paper: #16181c; --ink: #e8e8e8; --faint: #3a3d44; --soft: #a0a0a0;
  --c0: #5ab0e8; --c1: #ff9147; --c2: #35c99a; --c3: #eba0c8; --c4: #e0c040; --c5: #9bd5f7; --c6: #b39ae0; --c7: #aaa; } }
.plot text { fill: var(--ink); } .plot .soft { fill: var(--soft); }
.plot .paper { fill: var(--paper); } .plot .grid { stroke: var(--faint); } .plot .axis { stroke: var(--soft); }
</style>
)";

std::string Colour(std::size_t index) { return absl::StrFormat("var(--c%d)", index % kColours); }

std::string TextAt(double x, double y, std::string_view anchor, std::string_view text, std::string_view more = "") {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, more,
                         EscapeHtml(text));
}

std::string Rule(double x1, double y1, double x2, double y2, std::string_view css_class) {
  return absl::StrFormat("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2,
                         css_class);
}

std::string Document(double width, double height, std::string_view title, std::string_view content) {
  return absl::StrCat(
      absl::StrFormat("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 %.0f %.0f\" "
                      "width=\"%.0f\" style=\"max-width:100%%;height:auto\" role=\"img\" aria-label=\"%s\">\n",
                      width, height, width, EscapeHtml(title)),
      std::string(kStyle), "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n",
      TextAt(12, 22, "start", title, " font-weight=\"bold\" font-size=\"14\""), std::string(content), "</svg>\n");
}

// Names with their colours from `top` on, several on a line of `line_width`; sets `height` to what it takes.
std::string Legend(const std::vector<std::string>& names, double line_width, double top, double& height) {
  std::string text;
  double x = 12;
  double y = top;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double width = 28 + kCharacterWidth * static_cast<double>(names[i].size());
    if (x > 12 && x + width > line_width) {
      x = 12;
      y += kLegendLine;
    }
    text += absl::StrFormat("<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"10\" fill=\"%s\"/>\n", x, y + 4,
                            Colour(i));
    text += TextAt(x + 17, y + 13, "start", names[i]);
    x += width;
  }
  height = names.empty() ? 0 : y - top + kLegendLine;
  return text;
}

// Where a line chart draws its points, and its two axes.
struct Frame {
  double left;
  double right;
  double top;
  double bottom;
  Axis x_axis;
  Axis y_axis;

  double X(double x) const { return left + x_axis.Position(x) * (right - left); }
  double Y(double y) const { return bottom - y_axis.Position(y) * (bottom - top); }
};

Frame FrameOf(const LineChart& chart, double top) {
  PlotPoint low = chart.lines.front().points.front();
  PlotPoint high = low;
  for (const PlotLine& line : chart.lines) {
    for (const PlotPoint& point : line.points) {
      RQFUZZ_CHECK(std::isfinite(point.x) && std::isfinite(point.y));
      low = {std::min(low.x, point.x), std::min(low.y, point.y)};
      high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
  }
  if (chart.y_scale == AxisScale::kLinear) low.y = std::min(low.y, 0.0);
  return {.left = 70,
          .right = chart.width - 20,
          .top = top,
          .bottom = top + 300,
          .x_axis = Axis(chart.x_scale, low.x, high.x),
          .y_axis = Axis(chart.y_scale, low.y, high.y)};
}

std::string AxesOf(const LineChart& chart, const Frame& frame) {
  std::string text;
  for (const double tick : frame.y_axis.ticks()) {
    text += Rule(frame.left, frame.Y(tick), frame.right, frame.Y(tick), "grid");
    text += TextAt(frame.left - 6, frame.Y(tick) + 4, "end", TickText(tick));
  }
  for (const double tick : frame.x_axis.ticks()) {
    text += Rule(frame.X(tick), frame.bottom, frame.X(tick), frame.bottom + 5, "axis");
    text += TextAt(frame.X(tick), frame.bottom + 18, "middle", TickText(tick));
  }
  text += Rule(frame.left, frame.bottom, frame.right, frame.bottom, "axis");
  text += TextAt((frame.left + frame.right) / 2, frame.bottom + 38, "middle", chart.x_label);
  const double middle = (frame.top + frame.bottom) / 2;
  text += TextAt(16, middle, "middle", chart.y_label, absl::StrFormat(" transform=\"rotate(-90 16 %.1f)\"", middle));
  return text;
}

std::string LineOf(const PlotLine& line, std::size_t index, const Frame& frame) {
  constexpr std::size_t kMarkedMax = 40;  // more points than that are a line and no marks
  std::string points;
  std::string marks;
  for (const PlotPoint& point : line.points) {
    absl::StrAppendFormat(&points, "%.1f,%.1f ", frame.X(point.x), frame.Y(point.y));
    if (line.points.size() > kMarkedMax) continue;
    absl::StrAppendFormat(&marks,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s: %s, %s</title></circle>\n",
                          frame.X(point.x), frame.Y(point.y), Colour(index), EscapeHtml(line.name), TickText(point.x),
                          TickText(point.y));
  }
  return absl::StrFormat("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n%s",
                         Colour(index), points, marks);
}

// Beside a bar: fractions have no more digits than can be told apart there.
std::string ValueText(double value) {
  const bool is_fraction = std::abs(value) < 1000 && value != std::floor(value);
  return is_fraction ? absl::StrFormat("%.3g", value) : TickText(value);
}

Axis ValueAxisOf(const BarChart& chart) {
  double low = 0;
  double high = 0;
  for (const BarGroup& group : chart.groups) {
    RQFUZZ_CHECK(group.values.size() == chart.series.size());
    for (const std::optional<double>& value : group.values) {
      if (!value.has_value() || *value <= 0) continue;
      low = low == 0 ? *value : std::min(low, *value);
      high = std::max(high, *value);
    }
  }
  if (chart.scale == AxisScale::kLinear) return Axis(chart.scale, 0, high);
  return high > 0 ? Axis(chart.scale, low, high) : Axis(chart.scale, 1, 10);
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  return absl::StrReplaceAll(std::string(text), {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string LineChartSvg(const LineChart& given) {
  LineChart chart = given;
  std::erase_if(chart.lines, [](const PlotLine& line) { return line.points.empty(); });
  if (chart.lines.empty()) {
    return Document(chart.width, kTop + 40, chart.title,
                    TextAt(12, kTop + 20, "start", "no data", " class=\"soft\""));
  }
  std::vector<std::string> names;
  for (const PlotLine& line : chart.lines) names.push_back(line.name);
  double legend_height = 0;
  std::string content = Legend(names, chart.width, kTop, legend_height);
  const Frame frame = FrameOf(chart, kTop + legend_height + 14);
  content += AxesOf(chart, frame);
  for (std::size_t i = 0; i < chart.lines.size(); ++i) content += LineOf(chart.lines[i], i, frame);
  return Document(chart.width, frame.bottom + 50, chart.title, content);
}

std::string BarChartSvg(const BarChart& chart) {
  constexpr double kBar = 12;
  constexpr double kGap = 10;
  if (chart.groups.empty() || chart.series.empty()) {
    return Document(chart.width, kTop + 40, chart.title,
                    TextAt(12, kTop + 20, "start", "no data", " class=\"soft\""));
  }
  std::size_t longest = 0;
  for (const BarGroup& group : chart.groups) longest = std::max(longest, group.name.size());
  const double left = std::min(chart.width / 2, 24 + kCharacterWidth * static_cast<double>(longest));
  const double right = chart.width - 70;  // room for the value beside the longest bar
  const Axis axis = ValueAxisOf(chart);
  double legend_height = 0;
  std::string bars = Legend(chart.series, chart.width, kTop, legend_height);
  const double top = kTop + legend_height + 10;
  double y = top;
  for (const BarGroup& group : chart.groups) {
    const double height = kBar * static_cast<double>(group.values.size());
    bars += TextAt(left - 8, y + height / 2 + 4, "end", group.name);
    for (std::size_t i = 0; i < group.values.size(); ++i, y += kBar) {
      const std::optional<double>& value = group.values[i];
      const double end = value.has_value() ? left + axis.Position(*value) * (right - left) : left;
      if (value.has_value()) {
        bars += absl::StrFormat("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", left,
                                y + 1, std::max(1.5, end - left), kBar - 2, Colour(i));
      }
      bars += TextAt(end + 5, y + kBar - 2, "start", value.has_value() ? ValueText(*value) : chart.absent,
                     " class=\"soft\" font-size=\"11\"");
    }
    y += kGap;
  }
  std::string grid;
  for (const double tick : axis.ticks()) {
    const double x = left + axis.Position(tick) * (right - left);
    grid += Rule(x, top - 4, x, y, "grid");
    grid += TextAt(x, y + 14, "middle", TickText(tick));
  }
  grid += TextAt((left + right) / 2, y + 34, "middle", chart.value_label);
  return Document(chart.width, y + 46, chart.title, grid + bars);
}

}  // namespace rqfuzz
