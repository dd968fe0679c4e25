// Telling steps as a table for a terminal: a column for each CPU, side by side.
#ifndef FUZZ_REPORT_COLUMNS_H_
#define FUZZ_REPORT_COLUMNS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/report/telling_steps.h"

namespace rqfuzz {

// No line of a report is longer; of words, none is longer than kTextWidth.
inline constexpr std::size_t kTableWidth = 148;
inline constexpr std::size_t kTextWidth = 136;

// With its heading; ">" marks decisive steps, ">>" the one at which the broken promise showed. Of more than
// `rows_max` lines those after the verdict are left out first, then details; then steps of CPUs further to the right
// share a line with those before them; then the earliest that are not decisive are left out. It says how many.
std::string StepColumns(std::span<const TellingStep> steps, std::size_t rows_max);

// Breaks text into lines of at most kTextWidth characters at blanks, each after `indent`.
std::string Wrapped(std::string_view text, std::string_view indent);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_COLUMNS_H_
