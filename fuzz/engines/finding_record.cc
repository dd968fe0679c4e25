#include "fuzz/engines/finding_record.h"


#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/json_fields.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kReplay = "rqfuzz replay --trace finding.rqs";

// Comments are one line.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text;
}

}  // namespace

std::string ScenarioTextOf(const Finding& finding) {
  const std::string_view revision = finding.scenario.lock_type->revision;
  ScenarioFile file;
  file.comments = {OneLine(finding.message)};
  file.expectations = {{std::string(revision.empty() ? "*" : revision),
                        std::string(VerdictKindName(VerdictKind::kFinding)), finding.oracle, finding.cause}};
  file.scenario = finding.scenario;
  return PrintText(file);
}

std::string RecordTextOf(const Finding& finding) {
  const locks::LockType& type = *finding.scenario.lock_type;
  const Json record = {{"lock", type.name},
                       {"revision", type.revision},
                       {"oracle", finding.oracle},
                       {"cause", finding.cause},
                       {"message", OneLine(finding.message)},
                       {"minimized", finding.minimized},
                       {"campaign", finding.campaign},
                       {"seed", finding.seed},
                       {"executions", finding.executions},
                       {"seconds", RoundedSeconds(finding.seconds)},
                       {"replay", kReplay}};
  // The campaign's options name files, and these may be any bytes.
  return record.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string ReportTextOf(const Finding& finding, std::string_view explanation) {
  const locks::LockType& type = *finding.scenario.lock_type;
  std::string text(explanation);
  if (text.empty()) {
    text = absl::StrFormat("WARNING: %s %s in %s%s%s\n%s\n\nPlay it again:\n  %s\n", finding.oracle, finding.cause,
                           type.name, type.revision.empty() ? "" : " ", type.revision, OneLine(finding.message),
                           kReplay);
  }
  if (!finding.campaign.empty()) {
    absl::StrAppendFormat(&text, "\nFound by %s: seed %d, after %d executions, %.3f s\n", OneLine(finding.campaign),
                          finding.seed, finding.executions, finding.seconds);
  }
  if (!finding.minimized) text += "\nNot yet minimised.\n";
  return text;
}

absl::StatusOr<Finding> ParseFindingWithoutRecord(std::string_view scenario_path, std::string_view scenario_text) {
  const absl::StatusOr<ScenarioFile> file = ParseText(scenario_path, scenario_text);
  if (!file.ok()) return file.status();
  for (const Expectation& expectation : file->expectations) {
    if (expectation.verdict != VerdictKindName(VerdictKind::kFinding) || expectation.oracle.empty()) continue;
    Finding finding;
    finding.oracle = expectation.oracle;
    finding.cause = expectation.cause;
    if (!file->comments.empty()) finding.message = file->comments.front();
    finding.scenario = file->scenario;
    return finding;
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: no line says what is found; add one like 'expect linux-7.2 finding ORACLE CAUSE'", scenario_path));
}

absl::StatusOr<Finding> ParseFinding(std::string_view scenario_path, std::string_view scenario_text,
                                     std::string_view record_path, std::string_view record_text) {
  absl::StatusOr<Finding> finding = ParseFindingWithoutRecord(scenario_path, scenario_text);
  if (!finding.ok()) return finding;
  const Json record = Json::parse(record_text, nullptr, /*allow_exceptions=*/false);
  std::string oracle;
  std::string cause;
  const bool whole =
      record.is_object() && ReadField(record, "oracle", oracle) && ReadField(record, "cause", cause) &&
      ReadField(record, "message", finding->message) && ReadField(record, "minimized", finding->minimized) &&
      ReadField(record, "campaign", finding->campaign) && ReadField(record, "seed", finding->seed) &&
      ReadField(record, "executions", finding->executions) && ReadField(record, "seconds", finding->seconds);
  if (!whole || finding->seconds < 0 || oracle != finding->oracle || cause != finding->cause) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: not the record of the finding beside it; remove it, and the next campaign writes it anew", record_path));
  }
  return finding;
}

}  // namespace rqfuzz
