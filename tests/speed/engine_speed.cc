#include "tests/speed/engine_speed.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "fuzz/engines/afl_worker.h"
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/coverage.h"
#include "fuzz/engines/file_io.h"
#include "tests/speed/fixed_target.h"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*test_one_input)(const std::uint8_t* data, std::size_t size));

namespace rqfuzz {
namespace {

constexpr std::uint64_t kPlaysOfRun = 500'000;
constexpr unsigned kEmptyInputsOfRun = 1'000'000;  // libFuzzer
// Of afl-fuzz, whichever ends first: on a busy machine each input waits for three processes in turn.
constexpr unsigned kAflInputsOfRun = 40'000;
constexpr unsigned kAflRunMax_s = 5;

Scenario g_scenario;
std::atomic<std::uint64_t>* g_plays = nullptr;  // shared with the process that plays

int PlayAndCount(const std::uint8_t* data, std::size_t size) {
  // As the fuzz target does: counts of code that runs in each of many plays may come round to nothing.
  ExtraCounters()[0] = 1;
  const unsigned plays = PlayFixed(data, size, g_scenario, kInputBudget);
  g_plays->store(g_plays->load(std::memory_order_relaxed) + plays, std::memory_order_relaxed);
  if (*g_plays >= kPlaysOfRun) std::_Exit(0);
  return 0;
}

std::vector<char*> Argv(std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return argv;
}

[[noreturn]] void RunLibFuzzer() {
  std::vector<std::string> arguments = {"rqfuzz",        "-seed=1",        "-reload=0",           "-entropic=0",
                                        "-max_len=4096", "-len_control=0", "-use_value_profile=0"};
  std::vector<char*> argv = Argv(arguments);
  int argc = static_cast<int>(arguments.size());
  char** argv_data = argv.data();
  LLVMFuzzerRunDriver(&argc, &argv_data, PlayAndCount);
  std::_Exit(1);  // PlayAndCount() ends the process
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// CPU seconds of a process that runs `body` and of all that it starts. Errors: it cannot be started, or does not end
// with status 0.
absl::StatusOr<double> CpuSecondsOf(const std::string& log, absl::FunctionRef<void()> body) {
  // Whoever loses its parent becomes a child of this process and is counted here.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const absl::StatusOr<pid_t> child = StartChild(log, body);
  if (!child.ok()) return child.status();
  double seconds = 0;
  int wait_status = 0;
  for (;;) {
    int status_of_one = 0;
    rusage usage{};
    const pid_t ended = wait4(-1, &status_of_one, 0, &usage);
    if (ended < 0 && errno == EINTR) continue;
    if (ended < 0) break;
    seconds += Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
    if (ended == *child) wait_status = status_of_one;
  }
  if (wait_status == 0) return seconds;
  return absl::InternalError(absl::StrFormat("an engine ended by %s", WaitStatusName(wait_status)));
}

std::string Sibling(std::string_view name) {
  std::error_code error;
  const std::string self = std::filesystem::read_symlink("/proc/self/exe", error).string();
  return absl::StrCat(FolderOf(self), "/", std::string(name));
}

// A folder that is removed with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "rqfuzz-speed-XXXXXX").string();
    if (mkdtemp(path.data()) != nullptr) path_ = path;
  }
  ~ScratchFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }  // empty: there is none

 private:
  std::string path_;
};

// What afl-fuzz says in the end that it executed.
absl::StatusOr<double> ExecutionsOf(const std::string& stats_file) {
  const absl::StatusOr<std::string> stats = ReadFile(stats_file);
  if (!stats.ok()) return stats.status();
  for (const absl::string_view line : absl::StrSplit(*stats, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, absl::ByAnyChar(" :"), absl::SkipEmpty());
    double count = 0;
    if (words.size() == 2 && words[0] == "execs_done" && absl::SimpleAtod(words[1], &count)) return count;
  }
  return absl::InternalError(absl::StrCat(stats_file, ": no line execs_done"));
}

// Inputs a second of afl-fuzz. `play`: of ShapeName(); empty: the empty target, and AFL++'s own mutator.
absl::StatusOr<double> RunAfl(const std::string& play) {
  const absl::StatusOr<AflPrograms> programs = AflPrograms::Find();
  if (!programs.ok()) return programs.status();
  const ScratchFolder scratch;
  if (scratch.path().empty()) return absl::InternalError("no temporary folder can be created");
  const std::string seeds = scratch.path() + "/seeds";
  absl::Status status = MakeFolder(seeds);
  if (status.ok()) status = WriteFile(seeds + "/seed", "seed");
  if (!status.ok()) return status;
  const std::string log = scratch.path() + "/log";
  const absl::StatusOr<double> seconds = CpuSecondsOf(log, [&] {
    std::vector<std::string> environment = {"AFL_NO_UI=1", "AFL_NO_AFFINITY=1", "AFL_SKIP_CPUFREQ=1",
                                            "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1"};
    if (!play.empty()) {
      environment.insert(environment.end(), {absl::StrCat("RQFUZZ_SPEED_PLAY=", play), "AFL_CUSTOM_MUTATOR_ONLY=1",
                                             absl::StrCat("AFL_CUSTOM_MUTATOR_LIBRARY=", programs->mutator)});
    }
    for (std::string& variable : environment) putenv(variable.data());
    std::vector<std::string> arguments = {programs->fuzzer,
                                          "-i",
                                          seeds,
                                          "-o",
                                          scratch.path() + "/out",
                                          "-s",
                                          "1",
                                          "-E",
                                          absl::StrCat(kAflInputsOfRun),
                                          "-V",
                                          absl::StrCat(kAflRunMax_s),
                                          "-m",
                                          "none",
                                          "--",
                                          Sibling(play.empty() ? "rqfuzz_speed_empty_afl" : "rqfuzz_speed_afl")};
    execv(arguments[0].c_str(), Argv(arguments).data());
  });
  if (!seconds.ok()) return seconds.status();
  const absl::StatusOr<double> inputs = ExecutionsOf(scratch.path() + "/out/default/fuzzer_stats");
  if (!inputs.ok()) return inputs.status();
  return *inputs / *seconds;
}

}  // namespace

absl::StatusOr<double> PlaysOfLibFuzzer(const Shape& shape) {
  if (g_plays == nullptr) {
    void* const shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return absl::InternalError("no memory to share with another process");
    g_plays = new (shared) std::atomic<std::uint64_t>(0);
  }
  g_scenario = ScenarioOfShape(shape);
  *g_plays = 0;
  const absl::StatusOr<double> seconds = CpuSecondsOf("/dev/null", RunLibFuzzer);
  if (!seconds.ok()) return seconds.status();
  return static_cast<double>(*g_plays) / *seconds;
}

absl::StatusOr<double> PlaysOfAfl(const Shape& shape) {
  const absl::StatusOr<double> inputs = RunAfl(ShapeName(shape));
  if (!inputs.ok()) return inputs.status();
  return *inputs * PlayFixed(nullptr, 0, ScenarioOfShape(shape), kInputBudgetOfAfl);
}

absl::StatusOr<double> EmptyInputsOfLibFuzzer() {
  const absl::StatusOr<double> seconds = CpuSecondsOf("/dev/null", [] {
    std::vector<std::string> arguments = {Sibling("rqfuzz_speed_empty"), "-seed=1",
                                          absl::StrCat("-runs=", kEmptyInputsOfRun)};
    execv(arguments[0].c_str(), Argv(arguments).data());
  });
  if (!seconds.ok()) return seconds.status();
  return kEmptyInputsOfRun / *seconds;
}

absl::StatusOr<double> EmptyInputsOfAfl() { return RunAfl(""); }

bool HasAflTargets() { return AflPrograms::Find().ok() && access(Sibling("rqfuzz_speed_afl").c_str(), X_OK) == 0; }

}  // namespace rqfuzz
