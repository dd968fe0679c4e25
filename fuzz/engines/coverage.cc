#include "fuzz/engines/coverage.h"

#include <cstring>

// The linker's names for the ends of the section of coverage counters.
extern "C" [[gnu::weak, gnu::visibility("hidden")]] std::uint8_t __start___sancov_cntrs;
extern "C" [[gnu::weak, gnu::visibility("hidden")]] std::uint8_t __stop___sancov_cntrs;

// AFL++'s runtime: the map that it shares with afl-fuzz, and the last index in it that is used.
extern "C" [[gnu::weak]] std::uint8_t* __afl_area_ptr;
extern "C" [[gnu::weak]] std::uint32_t __afl_final_loc;

namespace rqfuzz {
namespace {

// libFuzzer takes every byte of this section for a counter of coverage, and clears it by whole words.
[[gnu::section("__libfuzzer_extra_counters")]] alignas(64) std::uint8_t g_extra_counters[kExtraCounters];

// AFL++'s runtime gives each word of this section a place of its own in the map, as it does for the places of the
// code.
[[gnu::section("__sancov_guards"), gnu::used]] std::uint32_t g_guards[kExtraCounters];

}  // namespace

bool IsForAfl() { return &__afl_area_ptr != nullptr; }

std::span<std::uint8_t, kExtraCounters> ExtraCounters() { return g_extra_counters; }

std::span<std::uint8_t> CodeCounters() {
  if (&__start___sancov_cntrs == nullptr) return {};
  return {&__start___sancov_cntrs, &__stop___sancov_cntrs};
}

void ClearCoverage() {
  const std::span<std::uint8_t> code = CodeCounters();
  if (!code.empty()) std::memset(code.data(), 0, code.size());
  std::memset(g_extra_counters, 0, sizeof g_extra_counters);
}

void ForgetCoverage() {
  ClearCoverage();
  if (IsForAfl()) std::memset(__afl_area_ptr, 0, __afl_final_loc + 1);
}

void PublishCoverage() {
  if (!IsForAfl()) return;
  for (std::size_t i = 0; i < kExtraCounters; ++i) {
    if (g_extra_counters[i] != 0) __afl_area_ptr[g_guards[i]] = g_extra_counters[i];
  }
  std::memset(g_extra_counters, 0, sizeof g_extra_counters);
}

}  // namespace rqfuzz
