// rqfuzz_stress: what `rqfuzz stress` runs. A program of its own, because here the services of the locks are those of
// real threads. Arguments: REVISION THREADS SECONDS SEED, checked by the command. Prints JSON.
#include <cstdio>
#include <cstdlib>

#include "fuzz/engines/exit_status.h"
#include "fuzz/stress/stress.h"

int main(int argc, char** argv) {
  rqfuzz::StressOptions options;
  if (argc == 5) options.type = locks::FindLockType("rqspinlock", argv[1], "x86-full");
  if (options.type == nullptr) {
    std::fputs("usage: rqfuzz_stress REVISION THREADS SECONDS SEED; run rqfuzz stress instead\n", stderr);
    return rqfuzz::kBadInput;
  }
  options.threads = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  options.seconds = std::strtod(argv[3], nullptr);
  options.seed = std::strtoull(argv[4], nullptr, 10);
  std::fputs(rqfuzz::RunStress(options).c_str(), stdout);
  return rqfuzz::kNothingFound;
}
