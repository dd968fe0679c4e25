// Prints one hash over the traces and verdicts of many executions: the same in every process, at every optimisation
// level and with every sanitizer. Usage: trace_digest COUNT
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "fuzz/play/player.h"
#include "tests/random_inputs.h"

namespace {

// FNV-1a.
void Mix(std::uint64_t& hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001b3;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (count == 0) {
    std::fputs("usage: trace_digest COUNT\n", stderr);
    return 1;
  }
  std::uint64_t digest = 0xcbf29ce484222325;
  for (std::uint64_t i = 0; i < count; ++i) {
    const rqfuzz::TracedResult traced = rqfuzz::PlayTraced(rqfuzz::RandomInput(i), /*keep_trace=*/false);
    digest = (digest ^ traced.trace_hash) * 0x100000001b3;
    Mix(digest, traced.result.verdict.oracle);
    Mix(digest, traced.result.verdict.cause);
    Mix(digest, traced.result.verdict.message);
  }
  std::printf("%016" PRIx64 "\n", digest);
  return 0;
}
