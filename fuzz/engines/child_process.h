// Processes of a campaign. Single-threaded parents only.
#ifndef FUZZ_ENGINES_CHILD_PROCESS_H_
#define FUZZ_ENGINES_CHILD_PROCESS_H_

#include <string>

#include <sys/types.h>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace rqfuzz {

// Runs `body`, which must not return, in a new process and returns its number. The process is killed when this one
// ends, however that happens; it ignores SIGINT, which a terminal sends to both; its output goes to the end of the
// file `log`. Errors: no process can be had.
absl::StatusOr<pid_t> StartChild(const std::string& log, absl::FunctionRef<void()> body);

// Has the calling process killed when its parent ends, even if it is stopped then. `parent`: the parent's number,
// taken before the fork. Ends the process if the parent has ended already.
void EndWithParent(pid_t parent);

// A wait status in words: "exit status 1", "signal 9".
std::string WaitStatusName(int wait_status);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CHILD_PROCESS_H_
