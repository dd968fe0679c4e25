#include "fuzz/report/trace_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/str_format.h"
#include "fuzz/engines/progress.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kWidthMax = 150;  // of all columns of CPUs
constexpr std::size_t kColumnsMax = 4;

// What a CPU does in a step, further to the right in contexts that interrupt others.
std::string StepText(const TraceLine& line) {
  std::string text(2u * line.depth, ' ');
  text += absl::StrFormat("%-7s %s", line.context, line.action);
  if (!line.location.empty()) text += " " + line.location;
  if (!line.is_access) return text;
  if (line.old_value == line.new_value) return text + " = " + line.new_value;
  return text + " " + line.old_value + " -> " + line.new_value;
}

// Widths of the columns by CPU; 0 for CPUs that do nothing.
std::array<std::size_t, kCpusMax> WidthsOf(std::span<const TraceLine> trace) {
  std::array<std::size_t, kCpusMax> widths = {};
  for (const TraceLine& line : trace) {
    widths[line.cpu] = std::max({widths[line.cpu], StepText(line).size(), std::string_view("CPU 0").size()});
  }
  return widths;
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size()), ' ');
  return padded;
}

void EndLine(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

std::string TraceText(std::span<const TraceLine> trace) {
  const std::array<std::size_t, kCpusMax> widths = WidthsOf(trace);
  std::size_t columns = 0;
  std::size_t width_sum = 0;
  for (const std::size_t width : widths) {
    columns += width > 0;
    width_sum += width + 3;
  }
  const bool column_per_cpu = columns <= kColumnsMax && width_sum <= kWidthMax;
  std::string text = absl::StrFormat("%8s  %15s", "step", "time ns");
  if (!column_per_cpu) text += "  CPU";
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
    if (column_per_cpu && widths[cpu] > 0) text += " | " + Padded(absl::StrFormat("CPU %d", cpu), widths[cpu]);
  }
  EndLine(text);
  for (const TraceLine& line : trace) {
    text += absl::StrFormat("%8d  %15s", line.step, WithThousands(line.time_ns));
    if (!column_per_cpu) text += absl::StrFormat("  %3d | %s", line.cpu, StepText(line));
    for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
      if (column_per_cpu && widths[cpu] > 0) {
        text += " | " + Padded(cpu == line.cpu ? StepText(line) : "", widths[cpu]);
      }
    }
    EndLine(text);
  }
  return text;
}

}  // namespace rqfuzz
