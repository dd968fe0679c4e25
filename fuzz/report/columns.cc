#include "fuzz/report/columns.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "fuzz/check.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kTimeWidth = 14;  // mark and time
constexpr std::size_t kColumnMax = 50;
constexpr std::size_t kColumnsMax = 4;  // more CPUs share one column

// One line of the table.
struct Row {
  TellingStep step;
  std::string text;  // in the column
};

std::string TextOf(const TellingStep& step) {
  return step.is_everywhere ? step.text : std::string(2U * step.depth, ' ') + step.text;
}

// Steps that follow each other in one context share a line where they fit.
std::vector<Row> RowsOf(std::span<const TellingStep> steps, std::size_t width) {
  std::vector<Row> rows;
  for (const TellingStep& step : steps) {
    const bool goes_on = !rows.empty() && rows.back().step.cpu == step.cpu && rows.back().step.depth == step.depth &&
                         rows.back().step.is_decisive == step.is_decisive && !step.is_everywhere &&
                         !rows.back().step.is_everywhere && !step.is_verdict && !rows.back().step.is_verdict &&
                         !step.begins_call;
    const std::string joined = goes_on ? absl::StrCat(rows.back().text, ", ", step.text) : "";
    if (goes_on && joined.size() <= width) {
      rows.back().text = joined;
      rows.back().step.is_detail &= step.is_detail;
    } else {
      rows.push_back({step, TextOf(step)});
    }
  }
  return rows;
}

// Leaves out the earliest rows whose step fits, until no more than `rows_max` are left.
template <typename Fits>
void LeaveOutFirst(std::vector<Row>& rows, std::size_t rows_max, Fits fits) {
  std::size_t too_many = rows.size() > rows_max ? rows.size() - rows_max : 0;
  std::erase_if(rows, [&](const Row& row) {
    if (too_many == 0 || !fits(row.step)) return false;
    --too_many;
    return true;
  });
}

// Leaves out what came after the verdict, then details, then the earliest, and decisive steps only if nothing else is
// left.
std::size_t LeaveOut(std::vector<Row>& rows, std::size_t rows_max) {
  const std::size_t before = rows.size();
  const auto verdict = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.step.is_verdict; });
  const auto behind = static_cast<std::size_t>(verdict - rows.begin()) + 1;
  for (std::size_t i = rows.size(); i > behind && rows.size() > rows_max; --i) {
    if (!rows[i - 1].step.is_decisive) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i - 1));
  }
  LeaveOutFirst(rows, rows_max, [](const TellingStep& step) { return step.is_detail && !step.is_decisive; });
  LeaveOutFirst(rows, rows_max, [](const TellingStep& step) { return !step.is_decisive; });
  if (rows.size() > rows_max) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(rows_max));
  return before - rows.size();
}

std::string Mark(const TellingStep& step) { return step.is_verdict ? ">>" : step.is_decisive ? " >" : "  "; }

void EndLine(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

std::string StepColumns(std::span<const TellingStep> steps, std::size_t rows_max) {
  std::vector<unsigned> cpus;
  for (const TellingStep& step : steps) {
    if (!step.is_everywhere) cpus.push_back(step.cpu);
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  const bool shared = cpus.size() > kColumnsMax;
  const std::size_t columns = shared ? 1 : std::max<std::size_t>(cpus.size(), 1);
  const std::size_t width = std::min(kColumnMax, (kTableWidth - kTimeWidth) / columns - 3);
  std::vector<Row> rows = RowsOf(steps, width);
  const std::size_t left_out = LeaveOut(rows, rows_max);
  std::string text = absl::StrFormat("   %11s", "time");
  if (shared) text += " | CPU";
  for (const unsigned cpu : cpus) {
    if (!shared) absl::StrAppendFormat(&text, " | %-*s", static_cast<int>(width), absl::StrCat("CPU ", cpu));
  }
  EndLine(text);
  if (left_out > 0) absl::StrAppendFormat(&text, "   %11s | %d lines are left out\n", "", left_out);
  for (const Row& row : rows) {
    absl::StrAppendFormat(&text, "%s %11s", Mark(row.step), Duration(row.step.time_ns));
    if (row.step.is_everywhere) {
      text += " | " + row.text;
    } else if (shared) {
      absl::StrAppendFormat(&text, " | %d  %s", row.step.cpu, row.text);
    } else {
      for (const unsigned cpu : cpus) {
        absl::StrAppendFormat(&text, " | %-*s", static_cast<int>(width), cpu == row.step.cpu ? row.text : "");
      }
    }
    EndLine(text);
  }
  return text;
}

std::string Wrapped(std::string_view text, std::string_view indent) {
  RQFUZZ_CHECK(indent.size() < kTextWidth / 2);
  std::string lines;
  std::string line(indent);
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(std::string(text), ' ', absl::SkipEmpty()))) {
    if (line.size() > indent.size() && line.size() + 1 + word.size() > kTextWidth) {
      lines += line + "\n";
      line = indent;
    }
    if (line.size() > indent.size()) line += ' ';
    line += word;
  }
  return lines + line + "\n";
}

}  // namespace rqfuzz
