// `rqfuzz stress`.
#ifndef FUZZ_CLI_STRESS_COMMAND_H_
#define FUZZ_CLI_STRESS_COMMAND_H_

#include <CLI/CLI.hpp>

#include "fuzz/engines/exit_status.h"

namespace rqfuzz {

// `status` receives what the command ends with, if it is the one that runs. It must outlive the parse.
void AddStressCommand(CLI::App& app, ExitStatus& status);

}  // namespace rqfuzz

#endif  // FUZZ_CLI_STRESS_COMMAND_H_
