// How long it takes a strategy to find a bug, over some seeds.
#ifndef TESTS_FIND_BUGS_MEASUREMENT_H_
#define TESTS_FIND_BUGS_MEASUREMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/find_bugs/bug.h"

namespace rqfuzz {

// The first finding of one seed.
struct FirstFinding {
  std::uint64_t executions = 0;  // this one included
  double seconds = 0;
};

struct Measurement {
  Bug bug;
  std::string strategy;
  std::vector<std::optional<FirstFinding>> seeds;  // empty: not found within the limit

  unsigned Found() const;
  // Of all seeds; one that found nothing counts as longer than any that did. Empty: that is what the median or the
  // worst seed is.
  std::optional<double> MedianSeconds() const;
  std::optional<double> WorstSeconds() const;
  std::optional<std::uint64_t> MedianExecutions() const;
  std::optional<std::uint64_t> WorstExecutions() const;
};

std::string TableHeader();
std::string TableRow(const Measurement& measurement);
// {"bugs":[{"name","kind","revision","strategy","seeds","found","seconds":{"median","worst"},
//           "executions":{"median","worst"}}]}, null for what was not found.
nlohmann::ordered_json JsonOf(const std::vector<Measurement>& measurements);

}  // namespace rqfuzz

#endif  // TESTS_FIND_BUGS_MEASUREMENT_H_
