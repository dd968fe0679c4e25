// `rqfuzz explain`.
#ifndef FUZZ_CLI_EXPLAIN_COMMAND_H_
#define FUZZ_CLI_EXPLAIN_COMMAND_H_

#include <CLI/CLI.hpp>

#include "fuzz/engines/exit_status.h"

namespace rqfuzz {

// Adds the command to `app`; when it is chosen, parsing runs it and sets `status`, which must outlive `app`.
void AddExplainCommand(CLI::App& app, ExitStatus& status);

}  // namespace rqfuzz

#endif  // FUZZ_CLI_EXPLAIN_COMMAND_H_
