#include "tests/find_bugs/measurement.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "fuzz/check.h"
#include "fuzz/engines/progress.h"

namespace rqfuzz {
namespace {

// The element at `index` of the values in rising order; of an even number, the median is the lower of the two in the
// middle, which is a value that was measured.
template <typename Value>
std::optional<Value> Ranked(const std::vector<std::optional<FirstFinding>>& seeds, std::size_t index,
                            Value FirstFinding::*member) {
  RQFUZZ_CHECK(index < seeds.size());
  std::vector<Value> values;
  for (const std::optional<FirstFinding>& seed : seeds) {
    if (seed.has_value()) values.push_back((*seed).*member);
  }
  std::sort(values.begin(), values.end());
  return index < values.size() ? std::optional(values[index]) : std::nullopt;
}

std::size_t MedianIndex(const Measurement& measurement) { return (measurement.seeds.size() - 1) / 2; }

std::string SecondsText(std::optional<double> seconds) {
  return seconds.has_value() ? absl::StrFormat("%.3f", *seconds) : "-";
}

std::string ExecutionsText(std::optional<std::uint64_t> executions) {
  return executions.has_value() ? WithThousands(*executions) : "-";
}

template <typename Value>
nlohmann::ordered_json JsonOfValue(const std::optional<Value>& value) {
  return value.has_value() ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

std::string Kind(const Bug& bug) { return bug.is_real ? "real" : "broken"; }

constexpr char kRowFormat[] = "%-6s  %-40s  %-22s  %-16s  %5s  %9s  %9s  %12s  %12s\n";

}  // namespace

unsigned Measurement::Found() const {
  return static_cast<unsigned>(
      std::count_if(seeds.begin(), seeds.end(), [](const auto& seed) { return seed.has_value(); }));
}

std::optional<double> Measurement::MedianSeconds() const {
  return Ranked(seeds, MedianIndex(*this), &FirstFinding::seconds);
}
std::optional<double> Measurement::WorstSeconds() const {
  return Ranked(seeds, seeds.size() - 1, &FirstFinding::seconds);
}
std::optional<std::uint64_t> Measurement::MedianExecutions() const {
  return Ranked(seeds, MedianIndex(*this), &FirstFinding::executions);
}
std::optional<std::uint64_t> Measurement::WorstExecutions() const {
  return Ranked(seeds, seeds.size() - 1, &FirstFinding::executions);
}

std::string TableHeader() {
  return absl::StrFormat("%-6s  %-40s  %-22s  %-16s  %5s  %20s  %26s\n", "", "", "", "", "", "seconds   ",
                         "executions      ") +
         absl::StrFormat(kRowFormat, "kind", "bug", "revision", "strategy", "found", "median", "worst", "median",
                         "worst");
}

std::string TableRow(const Measurement& measurement) {
  const Bug& bug = measurement.bug;
  return absl::StrFormat(kRowFormat, Kind(bug), bug.name, std::string(bug.lock_type->revision), measurement.strategy,
                         absl::StrFormat("%d/%d", measurement.Found(), measurement.seeds.size()),
                         SecondsText(measurement.MedianSeconds()), SecondsText(measurement.WorstSeconds()),
                         ExecutionsText(measurement.MedianExecutions()),
                         ExecutionsText(measurement.WorstExecutions()));
}

nlohmann::ordered_json JsonOf(const std::vector<Measurement>& measurements) {
  nlohmann::ordered_json bugs = nlohmann::ordered_json::array();
  for (const Measurement& measurement : measurements) {
    bugs.push_back(
        {{"name", measurement.bug.name},
         {"kind", Kind(measurement.bug)},
         {"revision", measurement.bug.lock_type->revision},
         {"strategy", measurement.strategy},
         {"seeds", measurement.seeds.size()},
         {"found", measurement.Found()},
         {"seconds",
          {{"median", JsonOfValue(measurement.MedianSeconds())}, {"worst", JsonOfValue(measurement.WorstSeconds())}}},
         {"executions",
          {{"median", JsonOfValue(measurement.MedianExecutions())},
           {"worst", JsonOfValue(measurement.WorstExecutions())}}}});
  }
  return {{"bugs", bugs}};
}

}  // namespace rqfuzz
