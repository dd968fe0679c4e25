#include "fuzz/report/axis.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "fuzz/check.h"

namespace rqfuzz {
namespace {

constexpr double kStepsWanted = 5;

// 1, 2 or 5 times a power of ten, not below `step`.
double RoundStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (step <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string WithoutTrailingZeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

Axis::Axis(AxisScale scale, double low, double high) : scale_(scale) {
  RQFUZZ_CHECK(std::isfinite(low) && std::isfinite(high));
  if (scale == AxisScale::kLogarithmic) {
    RQFUZZ_CHECK(high > 0);
    if (low <= 0) low = std::min(high, 1.0);
    const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
    const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(high) - 1e-9)));
    const int every = 1 + (last - first) / 8;
    for (int power = first; power < last + every; power += every) ticks_.push_back(std::pow(10, power));
  } else {
    if (high <= low) high = low + 1;
    const double step = RoundStep((high - low) / kStepsWanted);
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    for (double i = first; i <= last; ++i) ticks_.push_back(i * step);
  }
  low_ = ticks_.front();
  high_ = ticks_.back();
}

double Axis::Position(double value) const {
  if (scale_ == AxisScale::kLogarithmic) {
    if (value <= low_) return 0;
    return std::min(1.0, std::log(value / low_) / std::log(high_ / low_));
  }
  return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
}

std::string TickText(double value) {
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size >= 1e12 || size < 1e-4) return absl::StrFormat("%g", value);
  if (size >= 1e9) return WithoutTrailingZeros(absl::StrFormat("%.2f", value / 1e9)) + " G";
  if (size >= 1e6) return WithoutTrailingZeros(absl::StrFormat("%.2f", value / 1e6)) + " M";
  if (size >= 1e4) return WithoutTrailingZeros(absl::StrFormat("%.2f", value / 1e3)) + " k";
  return WithoutTrailingZeros(absl::StrFormat("%.4f", value));
}

}  // namespace rqfuzz
