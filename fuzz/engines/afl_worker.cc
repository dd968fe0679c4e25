#include "fuzz/engines/afl_worker.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "fuzz/engines/campaign_sink.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/worker.h"

namespace rqfuzz {
namespace {

std::string FindInPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> folders = absl::StrSplit(path == nullptr ? "" : path, ':');
  for (const std::string& folder : folders) {
    std::string file = absl::StrCat(folder, "/", program);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

// For afl-fuzz itself; the target's part is set by SetCampaignEnvironment().
void SetEnvironment(const AflTask& task) {
  const locks::LockType& type = task.choice->type();
  const auto set = [](const char* variable, const std::string& value) { setenv(variable, value.c_str(), 1); };
  set("RQFUZZ_LOCK", std::string(type.name));
  set("RQFUZZ_REVISION", std::string(type.revision));
  set("RQFUZZ_WITH", task.with);
  set("AFL_CUSTOM_MUTATOR_LIBRARY", task.programs->mutator);
  set("AFL_CUSTOM_MUTATOR_ONLY", "1");
  // The target puts SIGTERM off while it writes a finding.
  set("AFL_KILL_SIGNAL", absl::StrCat(SIGTERM));
  // As often as it can: the unit is minutes.
  set("AFL_SYNC_TIME", "1");
  set("AFL_NO_UI", "1");
  set("AFL_QUIET", "1");
  // The campaign's workers share the host with other programs, and nobody is there to change its settings.
  set("AFL_NO_AFFINITY", "1");
  set("AFL_SKIP_CPUFREQ", "1");
  set("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1");
  SetCampaignEnvironment(*task.stats, task.index, task.findings);
}

// Descriptors that do not close on exec keep the lock on the campaign's folder until afl-fuzz and its target are
// gone.
void KeepDescriptors() {
  for (int descriptor = STDERR_FILENO + 1; descriptor < 64; ++descriptor) {
    const int flags = fcntl(descriptor, F_GETFD);
    if (flags >= 0) fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC);
  }
}

}  // namespace

absl::StatusOr<AflPrograms> AflPrograms::Find() {
  AflPrograms programs;
  programs.fuzzer = FindInPath("afl-fuzz");
  if (programs.fuzzer.empty()) {
    return absl::InvalidArgumentError("afl-fuzz is not installed; install the package afl++, or use fuzz/run");
  }
  std::error_code error;
  const std::string folder = FolderOf(std::filesystem::read_symlink("/proc/self/exe", error).string());
  programs.target = absl::StrCat(folder, "/rqspinlock_fuzzer_afl");
  programs.mutator = absl::StrCat(folder, "/librqspinlock_mutator.so");
  for (const std::string& file : {programs.target, programs.mutator}) {
    if (access(file.c_str(), R_OK) == 0) continue;
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is not there; build it with: cmake --build --preset afl, or use fuzz/run", file));
  }
  return programs;
}

void RunAflWorker(const AflTask& task) {
  SetEnvironment(task);
  KeepDescriptors();
  std::vector<std::string> arguments = {task.programs->fuzzer,
                                        "-i",
                                        task.corpus,
                                        "-o",
                                        task.folder,
                                        task.is_main ? "-M" : "-S",
                                        task.name,
                                        "-s",
                                        absl::StrCat(task.fuzzer_seed),
                                        "-t",
                                        absl::StrCat(kExecutionLimit_s * 1000),
                                        "-m",
                                        "none"};
  if (task.is_main) arguments.insert(arguments.end(), {"-F", task.corpus});
  arguments.insert(arguments.end(), {"--", task.programs->target});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  std::fprintf(stderr, "%s: cannot be run: %s\n", argv[0], std::strerror(errno));
  std::_Exit(kToolFailed);
}

}  // namespace rqfuzz
