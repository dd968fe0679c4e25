// Where the basic blocks of the instrumented locks lie in their source: one for each counter of CodeCounters().
#ifndef FUZZ_ENGINES_BLOCK_PLACES_H_
#define FUZZ_ENGINES_BLOCK_PLACES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rqfuzz {

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

#endif  // FUZZ_ENGINES_BLOCK_PLACES_H_
