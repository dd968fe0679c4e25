#include "fuzz/cli/sibling_program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

std::string PathOf(const std::string& name) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / name;
}

absl::Status CannotRun(const std::string& name, int error) {
  return absl::NotFoundError(
      absl::StrFormat("%s: %s; it is a program of its own: cmake --build --preset release --target %s", PathOf(name),
                      std::strerror(error), name));
}

}  // namespace

absl::Status BecomeSibling(const std::string& name, const std::vector<std::string>& arguments) {
  std::vector<std::string> owned = {PathOf(name)};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(argv.front(), argv.data());
  return CannotRun(name, errno);
}

absl::StatusOr<SiblingOutput> RunSibling(const std::string& name, const std::vector<std::string>& arguments) {
  if (access(PathOf(name).c_str(), X_OK) != 0) return CannotRun(name, errno);
  int ends[2];
  if (pipe(ends) != 0) return CannotRun(name, errno);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    _exit(BecomeSibling(name, arguments).ok() ? 0 : 127);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return CannotRun(name, errno);
  }
  SiblingOutput output;
  char buffer[4096];
  for (ssize_t bytes; (bytes = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    output.out.append(buffer, static_cast<std::size_t>(bytes));
  }
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) {
    return absl::InternalError(absl::StrFormat("%s was ended by signal %d", name, WTERMSIG(status)));
  }
  output.exit_status = WEXITSTATUS(status);
  return output;
}

}  // namespace rqfuzz
