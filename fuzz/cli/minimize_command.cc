#include "fuzz/cli/minimize_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/minimize.h"
#include "fuzz/play/player.h"
#include "fuzz/report/verdict_text.h"

namespace rqfuzz {
namespace {

ExitStatus BadInput(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kBadInput;
}

ExitStatus MinimizeFile(const std::string& from, const std::string& to) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(from);
  if (!file.ok()) return BadInput(file.status());
  const Verdict keep = Play(file->scenario).verdict;
  if (keep.kind == VerdictKind::kPass) {
    return BadInput(absl::InvalidArgumentError(
        absl::StrFormat("%s: the verdict is pass, so there is nothing to keep while minimising", from)));
  }
  const Minimized minimized = Minimize(file->scenario, keep);
  // CPUs and locks have other numbers now.
  const Verdict verdict = Play(minimized.scenario).verdict;
  const std::string_view revision = minimized.scenario.lock_type->revision;
  ScenarioFile result;
  result.comments = {verdict.message};
  result.expectations = {{std::string(revision.empty() ? "*" : revision), std::string(VerdictKindName(verdict.kind)),
                          std::string(verdict.oracle), verdict.cause}};
  result.scenario = minimized.scenario;
  if (const absl::Status status = WriteScenarioFile(to, result); !status.ok()) return BadInput(status);
  absl::PrintF("%s: %s\n%d executions; removed: %s\n", to, VerdictText(verdict), minimized.executions,
               minimized.removed.empty() ? "nothing" : absl::StrJoin(minimized.removed, ", "));
  return kNothingFound;
}

}  // namespace

void AddMinimizeCommand(CLI::App& app, ExitStatus& status) {
  struct Options {
    std::string from;
    std::string to;
  };
  CLI::App* command = app.add_subcommand("minimize", "Make a scenario small; its verdict and cause stay the same");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->from, "Scenario to read")->required();
  command->add_option("-o", options->to, "File to write")->required();
  command->footer(
      "A file whose name ends in .rqs is text; any other is binary. Taking anything more out of the result would\n"
      "change its verdict.\n"
      "\n"
      "Example: rqfuzz minimize crash-7fd62931 -o small.rqs");
  command->callback([options, &status] { status = MinimizeFile(options->from, options->to); });
}

}  // namespace rqfuzz
