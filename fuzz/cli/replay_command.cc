#include "fuzz/cli/replay_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/report/replay_report.h"
#include "fuzz/report/trace_text.h"
#include "fuzz/report/verdict_text.h"

namespace rqfuzz {
namespace {

struct ReplayOptions {
  std::vector<std::string> files;
  std::string revision;  // empty: what the file says
  bool trace = false;
  bool json = false;
};

absl::StatusOr<Replayed> ReplayFile(const std::string& path, const ReplayOptions& options) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path, options.revision);
  if (!file.ok()) return file.status();
  const Scenario& scenario = file->scenario;
  return Replayed{scenario.lock_type, PlayTraced(scenario, options.trace)};
}

void Print(const Replay& replay) {
  if (!replay.replayed.ok()) {
    std::fflush(stdout);
    absl::FPrintF(stderr, "%s\n", std::string(replay.replayed.status().message()));
    return;
  }
  const TracedResult& traced = replay.replayed->traced;
  if (!traced.trace.empty()) std::fputs(TraceText(traced.trace).c_str(), stdout);
  absl::PrintF("%s: %s\n", replay.file, VerdictText(traced.result.verdict));
}

ExitStatus ReplayFiles(const ReplayOptions& options) {
  std::vector<Replay> replays;
  for (const std::string& file : options.files) {
    replays.push_back({file, ReplayFile(file, options)});
    if (options.json) continue;
    Print(replays.back());
    // Traces are large.
    if (replays.back().replayed.ok()) replays.back().replayed->traced.trace = {};
  }
  if (options.json) std::fputs(JsonOf(replays).c_str(), stdout);
  return ExitStatusOf(replays);
}

}  // namespace

void AddReplayCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("replay", "Play scenarios and say what the oracles make of them");
  const auto options = std::make_shared<ReplayOptions>();
  command->add_option("FILE", options->files, "Scenarios: text if the name ends in .rqs, else binary")->required();
  command->add_option("--revision", options->revision, "Play them on this revision of their lock instead");
  CLI::Option* trace = command->add_flag("--trace", options->trace, "Print the interleaving, one line a step");
  command->add_flag("--json", options->json, "Print a JSON array, one object a file")->excludes(trace);
  command->footer(
      "Verdicts: pass; finding: a promise was broken; limit: a known limit of the lock, by name; caller: the\n"
      "scenario breaks a rule for callers.\n"
      "\n"
      "Example: rqfuzz replay rqfuzz-out/findings/*/finding.rqs --revision linux-7.2");
  command->callback([options, &status] { status = ReplayFiles(*options); });
}

}  // namespace rqfuzz
