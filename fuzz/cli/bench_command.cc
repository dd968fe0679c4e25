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

// The benchmark needs the broken locks, which are no part of this tool: it is a program that is built beside it.
// Returns only if that cannot be run.
ExitStatus FindBugs(const std::vector<std::string>& arguments) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = self.parent_path() / "rqfuzz_find_bugs";
  std::vector<std::string> owned = {program};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  absl::FPrintF(stderr,
                "%s: %s; the benchmark is a program of its own: cmake --build --preset release --target "
                "rqfuzz_find_bugs\n",
                program, std::strerror(errno));
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
  AddBenchInjectors(*command, status);
  find_bugs->callback([find_bugs, &status] { status = FindBugs(find_bugs->remaining()); });
}

}  // namespace rqfuzz
