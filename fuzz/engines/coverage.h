// The coverage of the instrumented locks: one counter for each basic block of theirs, which the compiler makes count.
#ifndef FUZZ_ENGINES_COVERAGE_H_
#define FUZZ_ENGINES_COVERAGE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rqfuzz {

// By block; empty if the locks that are linked in have none. Whoever wants to know about one execution sets them to
// zero before it.
std::span<std::uint8_t> CoverageCounters();

// Where a block begins.
struct BlockPlace {
  std::string file;  // from the repository's root
  unsigned line = 0;
  unsigned column = 0;
  auto operator<=>(const BlockPlace&) const = default;
};

// Of each block, by asking llvm-symbolizer. Errors: it cannot be run, or says something else than was asked for.
absl::StatusOr<std::vector<BlockPlace>> BlockPlaces();

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_COVERAGE_H_
