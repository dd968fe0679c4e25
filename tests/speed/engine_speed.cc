#include "tests/speed/engine_speed.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/input.h"
#include "fuzz/engines/player.h"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*test_one_input)(const std::uint8_t* data, std::size_t size));

namespace rqfuzz {
namespace {

constexpr std::uint64_t kPlaysOfRun = 500'000;

Scenario g_scenario;
std::atomic<std::uint64_t>* g_plays = nullptr;  // shared with the process that plays

// The fuzz target but for what is played.
int PlayFixed(const std::uint8_t* data, std::size_t size) {
  static Scenario decoded;
  DecodeInput({.bytes = {data, size}}, decoded);
  std::uint64_t steps = 0;
  std::uint64_t plays = 0;
  for (; plays < kInputPlaysMax && steps < kInputSteps; ++plays) {
    const PlayResult result = Play(g_scenario);
    if (plays != 0) steps += result.steps;
  }
  g_plays->store(g_plays->load(std::memory_order_relaxed) + plays, std::memory_order_relaxed);
  if (*g_plays >= kPlaysOfRun) std::_Exit(0);
  return 0;
}

[[noreturn]] void RunLibFuzzer() {
  std::vector<std::string> arguments = {"rqfuzz",        "-seed=1",        "-reload=0",           "-entropic=0",
                                        "-max_len=4096", "-len_control=0", "-use_value_profile=0"};
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(arguments.size());
  char** argv_data = argv.data();
  LLVMFuzzerRunDriver(&argc, &argv_data, PlayFixed);
  std::_Exit(1);  // PlayFixed() ends the process
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

absl::StatusOr<Samples> MeasureLibFuzzer(const Shape& shape, unsigned runs) {
  if (g_plays == nullptr) {
    void* const shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return absl::InternalError("no memory to share with another process");
    g_plays = new (shared) std::atomic<std::uint64_t>(0);
  }
  g_scenario = ScenarioOfShape(shape);
  Samples plays_per_second;
  for (unsigned run = 0; run < runs; ++run) {
    *g_plays = 0;
    const absl::StatusOr<pid_t> child = StartChild("/dev/null", RunLibFuzzer);
    if (!child.ok()) return child.status();
    int wait_status = 0;
    rusage usage{};
    if (wait4(*child, &wait_status, 0, &usage) < 0) return absl::InternalError(std::strerror(errno));
    if (wait_status != 0) {
      return absl::InternalError(absl::StrFormat("libFuzzer ended by %s", WaitStatusName(wait_status)));
    }
    plays_per_second.Add(static_cast<double>(*g_plays) / (Seconds(usage.ru_utime) + Seconds(usage.ru_stime)));
  }
  return plays_per_second;
}

}  // namespace rqfuzz
