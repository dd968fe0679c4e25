#include "fuzz/cli/bench_command.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/cli/bench_injectors.h"
#include "fuzz/cli/sibling_program.h"

namespace rqfuzz {
namespace {

// A benchmark needs what is no part of this tool (broken locks, another fuzz target). Returns only if it cannot be
// run.
ExitStatus RunProgram(const std::string& name, const std::vector<std::string>& arguments) {
  absl::FPrintF(stderr, "%s\n", std::string(BecomeSibling(name, arguments).message()));
  return kToolFailed;
}

void AddBenchmark(CLI::App& command, const std::string& name, const std::string& program, const std::string& words,
                  ExitStatus& status) {
  CLI::App* benchmark = command.add_subcommand(name, words);
  // The program that does it knows its options, --help among them.
  benchmark->set_help_flag();
  benchmark->prefix_command();
  benchmark->callback([benchmark, program, &status] { status = RunProgram(program, benchmark->remaining()); });
}

}  // namespace

void AddBenchCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("bench", "Measure rqfuzz itself");
  command->require_subcommand(1);
  AddBenchmark(*command, "find-bugs", "rqfuzz_find_bugs",
               "How fast bugs are found: those of the catalogue and those of deliberately broken locks", status);
  AddBenchmark(*command, "speed", "rqfuzz_speed", "What the machine, executions and engines cost", status);
  AddBenchInjectors(*command, status);
}

}  // namespace rqfuzz
