// The texts in a finding's folder: the scenario, the record for programs, the report for people.
#ifndef FUZZ_ENGINES_FINDING_RECORD_H_
#define FUZZ_ENGINES_FINDING_RECORD_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "fuzz/engines/finding_store.h"

namespace rqfuzz {

// finding.rqs: the message as its comment, and an `expect` line.
std::string ScenarioTextOf(const Finding& finding);

// finding.json: {"lock","revision","oracle","cause","message","minimized","campaign","seed","executions","seconds",
// "replay"}.
std::string RecordTextOf(const Finding& finding);

// report.txt: `explanation` or, if that is empty, the message; then how it was found.
std::string ReportTextOf(const Finding& finding, std::string_view explanation);

// A finding from its scenario and its record. Errors: one of the two is none, or they speak of different findings;
// the message begins with the file's name.
absl::StatusOr<Finding> ParseFinding(std::string_view scenario_path, std::string_view scenario_text,
                                     std::string_view record_path, std::string_view record_text);

// What the scenario alone tells: nothing of the campaign, and it counts as not minimised. Errors: no scenario, or
// one without a line `expect REVISION finding ORACLE CAUSE`.
absl::StatusOr<Finding> ParseFindingWithoutRecord(std::string_view scenario_path, std::string_view scenario_text);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_FINDING_RECORD_H_
