// rqfuzz bench injectors: what each injector contributes, and what of the lock nothing has reached.
#ifndef FUZZ_CLI_BENCH_INJECTORS_H_
#define FUZZ_CLI_BENCH_INJECTORS_H_

#include <CLI/CLI.hpp>

#include "fuzz/engines/exit_status.h"

namespace rqfuzz {

// Adds the subcommand to `bench`; it sets `status` when it has run.
void AddBenchInjectors(CLI::App& bench, ExitStatus& status);

}  // namespace rqfuzz

#endif  // FUZZ_CLI_BENCH_INJECTORS_H_
