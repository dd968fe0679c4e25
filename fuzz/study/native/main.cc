// rqfuzz_native_study: the native parts of `rqfuzz study`. A program of its own, because here the services of the
// locks are those of real threads. Prints JSON.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fuzz/engines/exit_status.h"
#include "fuzz/study/native/measure.h"

int main(int argc, char** argv) {
  const std::string_view command = argc == 4 ? argv[1] : "";
  if (command == "pairs") {
    if (rqfuzz::RunPairs(argv[2], std::strtoull(argv[3], nullptr, 10))) return rqfuzz::kNothingFound;
  } else if (command == "overhead" || command == "preempted-owners") {
    const double seconds = std::strtod(argv[2], nullptr);
    const auto repeats = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
    const nlohmann::ordered_json json = command == "overhead" ? rqfuzz::MeasureOverhead(seconds, repeats)
                                                              : rqfuzz::MeasurePreemptedOwners(seconds, repeats);
    std::printf("%s\n", json.dump(2).c_str());
    return rqfuzz::kNothingFound;
  }
  std::fputs("usage: rqfuzz_native_study overhead|preempted-owners SECONDS REPEATS | pairs LOCK COUNT\n", stderr);
  return rqfuzz::kBadInput;
}
