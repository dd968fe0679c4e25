// Programs that are built beside rqfuzz because they cannot be part of it: other services of the locks, broken locks.
#ifndef FUZZ_CLI_SIBLING_PROGRAM_H_
#define FUZZ_CLI_SIBLING_PROGRAM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rqfuzz {

// Becomes that program: returns only if it cannot be run, with an error that says how to build it.
absl::Status BecomeSibling(const std::string& name, const std::vector<std::string>& arguments);

struct SiblingOutput {
  std::string out;
  int exit_status = 0;
};

// Runs the program and returns what it wrote to stdout; its stderr is this process's. Errors: it cannot be run, or
// was killed by a signal.
absl::StatusOr<SiblingOutput> RunSibling(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace rqfuzz

#endif  // FUZZ_CLI_SIBLING_PROGRAM_H_
