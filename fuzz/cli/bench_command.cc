#include "fuzz/cli/bench_command.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "absl/strings/str_format.h"
#include "fuzz/cli/bench_injectors.h"

namespace rqfuzz {
namespace {

// A benchmark needs what is no part of this tool (broken locks, another fuzz target): it is a program that is built
// beside it. Returns only if that cannot be run.
ExitStatus RunProgram(const std::string& name, const std::vector<std::string>& arguments) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = self.parent_path() / name;
  std::vector<std::string> owned = {program};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  absl::FPrintF(stderr,
                "%s: %s; the benchmark is a program of its own: cmake --build --preset release --target %s\n",
                program, std::strerror(errno), name);
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
