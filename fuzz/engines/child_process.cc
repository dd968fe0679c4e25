#include "fuzz/engines/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/exit_status.h"

namespace rqfuzz {
namespace {

void PrepareChild(pid_t parent, const std::string& log) {
  EndWithParent(parent);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0) std::_Exit(kToolFailed);
}

}  // namespace

absl::StatusOr<pid_t> StartChild(const std::string& log, absl::FunctionRef<void()> body) {
  // What is buffered would be written twice.
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) return absl::InternalError(absl::StrFormat("no new process: %s", std::strerror(errno)));
  if (child > 0) return child;
  PrepareChild(parent, log);
  body();
  std::_Exit(kToolFailed);
}

void EndWithParent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before the line above.
  if (getppid() != parent) std::_Exit(kToolFailed);
}

std::string WaitStatusName(int wait_status) {
  if (WIFSIGNALED(wait_status)) return absl::StrFormat("signal %d", WTERMSIG(wait_status));
  return absl::StrFormat("exit status %d", WEXITSTATUS(wait_status));
}

}  // namespace rqfuzz
