#include "fuzz/cli/explain_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/report/execution_json.h"
#include "fuzz/report/explain_page.h"
#include "fuzz/report/ftrace.h"
#include "fuzz/report/splat.h"

namespace rqfuzz {
namespace {

struct ExplainOptions {
  std::string file;
  std::string revision;  // empty: what the file says
  std::string html;      // where to write; empty: not wanted
  std::string ftrace;    // likewise
  bool json = false;
};

// What is asked for, written or printed. Errors: a file that cannot be read or written, no such revision.
absl::StatusOr<ExitStatus> Explain(const ExplainOptions& options) {
  absl::StatusOr<ScenarioFile> file = ReadScenarioFile(options.file);
  if (!file.ok()) return file.status();
  Scenario& scenario = file->scenario;
  if (!options.revision.empty()) {
    const absl::StatusOr<LockChoice> choice = LockChoice::Find(scenario.lock_type->name, options.revision);
    if (!choice.ok()) return choice.status();
    choice->ApplyTo(scenario);
  }
  const absl::StatusOr<Execution> played = Execute(scenario);
  if (!played.ok()) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("%s: %s", options.file, std::string(played.status().message())));
  }
  const Execution& execution = *played;
  if (!options.html.empty()) {
    const absl::Status written = WriteFile(options.html, ExplainPage(execution, options.file));
    if (!written.ok()) return written;
  }
  if (!options.ftrace.empty()) {
    const absl::Status written = WriteFile(options.ftrace, FtraceText(execution));
    if (!written.ok()) return written;
  }
  if (options.json) {
    absl::PrintF("%s\n", ExecutionJson(execution));
  } else if (options.html.empty() && options.ftrace.empty()) {
    const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
    if (!upstream.ok()) return upstream.status();
    const std::string arguments = options.revision.empty() ? "" : absl::StrFormat(" --revision %s", options.revision);
    absl::PrintF("%s", Splat(execution, options.file + arguments, *upstream));
  }
  return execution.verdict().kind == VerdictKind::kFinding ? kFound : kNothingFound;
}

}  // namespace

void AddExplainCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("explain", "Say what happens in a scenario, and what is wrong about it");
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("FILE", options->file, "A scenario: text if its name ends in .rqs, else binary")->required();
  command->add_option("--revision", options->revision, "Play it on this revision of its lock instead");
  command->add_option("--html", options->html, "Write a page for a browser to this file");
  command->add_option("--ftrace", options->ftrace, "Write ftrace text to this file, for Perfetto and for people");
  command->add_flag("--json", options->json, "Print every step, and what is true between them, as JSON");
  command->footer(
      "Without --html, --ftrace and --json: prints the broken promise, who holds and waits for what, the steps that "
      "led\n"
      "there, why it is wrong and which revisions do it. Exit status 77 if the scenario is a finding.\n"
      "\n"
      "Example: rqfuzz explain corpus/upstream/lone-head.rqs --html lone-head.html");
  command->callback([options, &status] {
    const absl::StatusOr<ExitStatus> result = Explain(*options);
    if (!result.ok()) absl::FPrintF(stderr, "%s\n", std::string(result.status().message()));
    status = result.ok() ? *result : kBadInput;
  });
}

}  // namespace rqfuzz
