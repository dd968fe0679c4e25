#include "fuzz/cli/convert_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

ExitStatus Convert(const std::string& from, const std::string& to) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(from);
  const absl::Status status = file.ok() ? WriteScenarioFile(to, *file) : file.status();
  if (status.ok()) return kNothingFound;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kBadInput;
}

}  // namespace

void AddConvertCommand(CLI::App& app, ExitStatus& status) {
  struct Options {
    std::string from;
    std::string to;
  };
  CLI::App* command = app.add_subcommand("convert", "Turn a scenario from text into binary form or back");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->from, "Scenario to read")->required();
  command->add_option("-o", options->to, "File to write")->required();
  command->footer(
      "A file whose name ends in .rqs is text; any other is binary. Comments and expectations are text only.\n"
      "\n"
      "Example: rqfuzz convert crash-7fd62931 -o crash.rqs");
  command->callback([options, &status] { status = Convert(options->from, options->to); });
}

}  // namespace rqfuzz
