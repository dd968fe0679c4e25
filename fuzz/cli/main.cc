// The command line: parses it and runs the one command that it names.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "fuzz/cli/bench_command.h"
#include "fuzz/cli/bisect_command.h"
#include "fuzz/cli/campaign_command.h"
#include "fuzz/cli/convert_command.h"
#include "fuzz/cli/explain_command.h"
#include "fuzz/cli/locks_command.h"
#include "fuzz/cli/minimize_command.h"
#include "fuzz/cli/replay_command.h"
#include "fuzz/cli/stress_command.h"
#include "fuzz/cli/study_command.h"

int main(int argc, char** argv) {
  CLI::App app("Runs spinlocks on a pretend machine, breaks the machine, and says which promise a lock broke.",
               "rqfuzz");
  app.footer(
      "Exit status: 0 nothing found, 77 finding, 1 bad usage or input, 2 rqfuzz itself failed.\n"
      "\n"
      "Example: look for findings for a minute, then read the first one step by step.\n"
      "  rqfuzz campaign --revision linux-6.17\n"
      "  rqfuzz replay --trace rqfuzz-out/findings/*.rqs");
  app.require_subcommand(1);
  rqfuzz::ExitStatus status = rqfuzz::kNothingFound;
  rqfuzz::AddCampaignCommand(app, status);
  rqfuzz::AddReplayCommand(app, status);
  rqfuzz::AddExplainCommand(app, status);
  rqfuzz::AddMinimizeCommand(app, status);
  rqfuzz::AddConvertCommand(app, status);
  rqfuzz::AddBisectCommand(app, status);
  rqfuzz::AddLocksCommand(app, status);
  rqfuzz::AddBenchCommand(app, status);
  rqfuzz::AddStressCommand(app, status);
  rqfuzz::AddStudyCommand(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "rqfuzz: %s (see rqfuzz --help)\n", error.what());
    return rqfuzz::kBadInput;
  }
  return status;
}
