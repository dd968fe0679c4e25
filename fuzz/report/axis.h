// One axis of a chart: which numbers it covers, where they lie, and which of them are written beside it.
#ifndef FUZZ_REPORT_AXIS_H_
#define FUZZ_REPORT_AXIS_H_

#include <string>
#include <vector>

namespace rqfuzz {

enum class AxisScale { kLinear, kLogarithmic };

class Axis {
 public:
  // Covers `low` to `high` and what more it takes to end on round numbers. On a logarithmic axis numbers that are not
  // above 0 lie at its low end.
  Axis(AxisScale scale, double low, double high);

  // From 0 (the low end) to 1 (the high end); numbers outside lie at the nearest end.
  double Position(double value) const;
  // Round numbers in rising order, the ends among them.
  const std::vector<double>& ticks() const { return ticks_; }

 private:
  AxisScale scale_;
  double low_;
  double high_;
  std::vector<double> ticks_;
};

// "0", "0.25", "1500", "2 M", "1e-07": short enough for an axis.
std::string TickText(double value);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_AXIS_H_
