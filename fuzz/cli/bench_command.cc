#include "fuzz/cli/bench_command.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/cli/sibling_program.h"

namespace rqfuzz {
namespace {

// The benchmark needs the broken locks, which are no part of this tool. Returns only if it cannot be run.
ExitStatus FindBugs(const std::vector<std::string>& arguments) {
  absl::FPrintF(stderr, "%s\n", std::string(BecomeSibling("rqfuzz_find_bugs", arguments).message()));
  return kToolFailed;
}

}  // namespace

void AddBenchCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("bench", "Measure rqfuzz itself");
  command->require_subcommand(1);
  CLI::App* find_bugs = command->add_subcommand(
      "find-bugs", "How fast bugs are found: those of the catalogue and those of deliberately broken locks");
  // The program that does it knows its options, --help among them.
  find_bugs->set_help_flag();
  find_bugs->prefix_command();
  find_bugs->callback([find_bugs, &status] { status = FindBugs(find_bugs->remaining()); });
}

}  // namespace rqfuzz
