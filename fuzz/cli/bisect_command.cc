#include "fuzz/cli/bisect_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/bisect.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

struct BisectOptions {
  std::vector<std::string> files;
  bool locks = false;
  bool json = false;
};

nlohmann::ordered_json JsonOf(const std::string& file, const std::vector<BisectRow>& rows) {
  nlohmann::ordered_json matrix = nlohmann::ordered_json::array();
  for (const BisectRow& row : rows) {
    const Verdict& verdict = row.result.verdict;
    matrix.push_back({{"lock", row.lock_type->name},
                      {"revision", row.lock_type->revision},
                      {"build", row.lock_type->build},
                      {"verdict", VerdictKindName(verdict.kind)},
                      {"oracle", verdict.oracle},
                      {"cause", verdict.cause},
                      {"message", verdict.message},
                      {"bug", row.bug}});
  }
  return {{"file", file}, {"rows", matrix}};
}

ExitStatus BisectFiles(const BisectOptions& options) {
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!upstream.ok()) {
    absl::FPrintF(stderr, "%s\n", std::string(upstream.status().message()));
    return kBadInput;
  }
  nlohmann::ordered_json matrices = nlohmann::ordered_json::array();
  ExitStatus status = kNothingFound;
  for (const std::string& file : options.files) {
    const absl::StatusOr<ScenarioFile> scenario = ReadScenarioFile(file);
    if (!scenario.ok()) {
      absl::FPrintF(stderr, "%s\n", std::string(scenario.status().message()));
      if (status == kNothingFound) status = kBadInput;
      continue;
    }
    const std::vector<BisectRow> rows = Bisect(scenario->scenario, *upstream, options.locks);
    if (std::any_of(rows.begin(), rows.end(),
                    [](const BisectRow& row) { return row.result.verdict.kind == VerdictKind::kFinding; })) {
      status = kFound;
    }
    if (options.json) {
      matrices.push_back(JsonOf(file, rows));
    } else {
      absl::PrintF("%s\n%s", file, BisectText(rows));
    }
  }
  if (options.json) absl::PrintF("%s\n", matrices.dump(2));
  return status;
}

}  // namespace

void AddBisectCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("bisect", "Play a scenario on every revision: which of them have the bug");
  const auto options = std::make_shared<BisectOptions>();
  command->add_option("FILE", options->files, "Scenarios: text if the name ends in .rqs, else binary")->required();
  command->add_flag("--locks", options->locks, "On every other lock too");
  command->add_flag("--json", options->json, "Print a JSON array, one object a file");
  command->footer(
      "Each line says pass, the known limit, the caller's fault, or which oracle found what; in brackets, the bug "
      "of\n"
      "the catalogue that this is. Exit status 77 if any line has a finding.\n"
      "\n"
      "Example: rqfuzz bisect corpus/upstream/lone-head.rqs");
  command->callback([options, &status] { status = BisectFiles(*options); });
}

}  // namespace rqfuzz
