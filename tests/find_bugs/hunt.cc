#include "tests/find_bugs/hunt.h"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <sys/mman.h>
#include <sys/wait.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/child_process.h"
#include "tests/find_bugs/strategy.h"

namespace rqfuzz {
namespace {

struct Outcome {
  bool found;
  FirstFinding first;
};

Outcome Look(const Bug& bug, const Strategy& strategy, double limit_s) {
  const auto start = std::chrono::steady_clock::now();
  Outcome outcome{};
  do {
    outcome.found = bug.IsFoundBy(strategy.Play(bug, ++outcome.first.executions));
    outcome.first.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  } while (!outcome.found && outcome.first.seconds < limit_s);
  return outcome;
}

// Memory that a child process shares.
Outcome* SharedOutcome() {
  static Outcome* const shared = [] {
    void* memory = mmap(nullptr, sizeof(Outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : new (memory) Outcome{};
  }();
  return shared;
}

}  // namespace

absl::StatusOr<std::optional<FirstFinding>> Hunt(const Bug& bug, const std::string& strategy, std::uint64_t seed,
                                                 double limit_s) {
  Outcome* const outcome = SharedOutcome();
  if (outcome == nullptr) return absl::InternalError("no memory to share with another process");
  const absl::StatusOr<pid_t> child = StartChild("/dev/stderr", [&] {
    *outcome = Look(bug, *MakeStrategy(strategy, seed), limit_s);
    std::_Exit(0);
  });
  if (!child.ok()) return child.status();
  int wait_status = 0;
  if (waitpid(*child, &wait_status, 0) < 0) return absl::InternalError(std::strerror(errno));
  if (wait_status != 0) {
    return absl::InternalError(
        absl::StrFormat("the process that looked for %s with strategy %s and seed %d ended by %s", bug.name, strategy,
                        seed, WaitStatusName(wait_status)));
  }
  if (!outcome->found) return std::optional<FirstFinding>();
  return std::optional(outcome->first);
}

}  // namespace rqfuzz
