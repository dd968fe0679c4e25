#include "fuzz/report/columns.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fuzz/check.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kTimeWidth = 14;  // mark and time
constexpr std::size_t kColumnMax = 50;
constexpr std::size_t kColumnsMax = 4;  // more CPUs share one column

// What a CPU does, in its column.
struct Cell {
  unsigned cpu = 0;
  std::string text;
};

// One line of the table. Steps of several CPUs follow each other from left to right.
struct Row {
  TellingStep step;  // the first of them
  std::vector<Cell> cells;
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
    const std::string joined = goes_on ? absl::StrCat(rows.back().cells.back().text, ", ", step.text) : "";
    if (goes_on && joined.size() <= width) {
      rows.back().cells.back().text = joined;
      rows.back().step.is_detail &= step.is_detail;
    } else {
      rows.push_back({step, {{step.cpu, TextOf(step)}}});
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

// Leaves out what came after the verdict, then details.
void LeaveOutDetails(std::vector<Row>& rows, std::size_t rows_max) {
  const auto verdict = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.step.is_verdict; });
  const auto behind = static_cast<std::size_t>(verdict - rows.begin()) + 1;
  for (std::size_t i = rows.size(); i > behind && rows.size() > rows_max; --i) {
    if (!rows[i - 1].step.is_decisive) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i - 1));
  }
  LeaveOutFirst(rows, rows_max, [](const TellingStep& step) { return step.is_detail && !step.is_decisive; });
}

// Leaves out the earliest, and decisive steps only if nothing else is left.
void LeaveOutEarliest(std::vector<Row>& rows, std::size_t rows_max) {
  LeaveOutFirst(rows, rows_max, [](const TellingStep& step) { return !step.is_decisive; });
  if (rows.size() > rows_max) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(rows_max));
}

// Puts rows of CPUs further to the right on one line with those before them, decisive ones apart.
void PutBesideEachOther(std::vector<Row>& rows) {
  std::vector<Row> together;
  for (Row& row : rows) {
    const auto stands_alone = [](const TellingStep& step) { return step.is_decisive || step.is_everywhere; };
    const bool fits = !together.empty() && !stands_alone(row.step) && !stands_alone(together.back().step) &&
                      together.back().cells.back().cpu < row.cells.front().cpu;
    if (fits) {
      together.back().cells.push_back(std::move(row.cells.front()));
    } else {
      together.push_back(std::move(row));
    }
  }
  rows = std::move(together);
}

// Makes it no more than `rows_max` rows; returns a note on what it did, empty if nothing.
std::string Fit(std::vector<Row>& rows, std::size_t rows_max, bool has_columns) {
  const std::size_t all = rows.size();
  LeaveOutDetails(rows, rows_max);
  const std::size_t without_details = rows.size();
  if (rows.size() > rows_max && has_columns) PutBesideEachOther(rows);
  const std::size_t together = rows.size();
  LeaveOutEarliest(rows, rows_max);
  const std::size_t left_out = all - without_details + together - rows.size();
  std::vector<std::string> notes;
  if (left_out > 0) notes.push_back(absl::StrCat(left_out, " lines are left out"));
  if (together < without_details) notes.push_back("what shares a line came from left to right");
  return absl::StrJoin(notes, "; ");
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
  const std::string notes = Fit(rows, rows_max, !shared);
  std::string text = absl::StrFormat("   %11s", "time");
  if (shared) text += " | CPU";
  for (const unsigned cpu : cpus) {
    if (!shared) absl::StrAppendFormat(&text, " | %-*s", static_cast<int>(width), absl::StrCat("CPU ", cpu));
  }
  EndLine(text);
  if (!notes.empty()) absl::StrAppendFormat(&text, "   %11s | %s\n", "", notes);
  for (const Row& row : rows) {
    absl::StrAppendFormat(&text, "%s %11s", Mark(row.step), Duration(row.step.time_ns));
    if (row.step.is_everywhere) {
      text += " | " + row.cells.front().text;
    } else if (shared) {
      absl::StrAppendFormat(&text, " | %d  %s", row.step.cpu, row.cells.front().text);
    } else {
      for (const unsigned cpu : cpus) {
        const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                       [cpu](const Cell& candidate) { return candidate.cpu == cpu; });
        absl::StrAppendFormat(&text, " | %-*s", static_cast<int>(width), cell == row.cells.end() ? "" : cell->text);
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
