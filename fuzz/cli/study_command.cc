#include "fuzz/cli/study_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/cli/sibling_program.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

struct StudyOptions {
  std::string name;
  std::string json;
  std::string svg;
  bool quick = false;
};

absl::StatusOr<nlohmann::ordered_json> RunNative(const std::vector<std::string>& arguments) {
  const absl::StatusOr<SiblingOutput> output = RunSibling("rqfuzz_native_study", arguments);
  if (!output.ok()) return output.status();
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(output->out, nullptr, /*allow_exceptions=*/false);
  if (output->exit_status != 0 || json.is_discarded()) {
    return absl::InternalError(absl::StrFormat("rqfuzz_native_study ended with status %d", output->exit_status));
  }
  return json;
}

absl::StatusOr<StudyResult> RunStudy(const StudyOptions& options) {
  StudySize size;
  if (options.quick) {
    size = {.seeds = 1, .horizon_ns = 200'000, .scenarios = 500, .native_s = 0.002, .native_repeats = 1};
  }
  if (options.name == "preempted-owners") return StudyPreemptedOwners(size, RunNative);
  if (options.name == "stall") return StudyStall(size);
  if (options.name == "replacement") return StudyReplacement(size);
  return StudyOverhead(size, RunNative);
}

ExitStatus Study(const StudyOptions& options) {
  const absl::StatusOr<StudyResult> result = RunStudy(options);
  if (!result.ok()) {
    absl::FPrintF(stderr, "%s\n", std::string(result.status().message()));
    return kToolFailed;
  }
  absl::PrintF("%s", StudyText(*result));
  absl::Status written;
  if (!options.json.empty()) written.Update(WriteFile(options.json, StudyJson(*result).dump(2) + "\n"));
  if (!options.svg.empty()) written.Update(WriteFile(options.svg, result->svg));
  if (written.ok()) return kNothingFound;
  absl::FPrintF(stderr, "%s\n", std::string(written.message()));
  return kBadInput;
}

}  // namespace

void AddStudyCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("study", "Answer a question about the lock by experiment");
  const auto options = std::make_shared<StudyOptions>();
  command->add_option("NAME", options->name, "Which: preempted-owners, stall, replacement or overhead")
      ->required()
      ->check(CLI::IsMember({"preempted-owners", "stall", "replacement", "overhead"}));
  command->add_option("--json", options->json, "Write the tables to this file");
  command->add_option("--svg", options->svg, "Write the chart to this file");
  command->add_flag("--quick", options->quick,
                    "Little of everything, in a second or two: for a look, not for figures");
  command->footer(
      "preempted-owners: what each kind of lock loses when the host takes CPUs away. stall: the longest time in one\n"
      "acquire, by fault and revision. replacement: which callers of the lock hang on a plain one. overhead: what a\n"
      "pair of acquire and release costs. Results and what they mean: fuzz/study/README.md.\n"
      "\n"
      "Example: rqfuzz study stall --svg stall.svg");
  command->callback([options, &status] { status = Study(*options); });
}

}  // namespace rqfuzz
