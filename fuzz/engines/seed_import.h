// Brings scenarios from anywhere into a campaign's corpus.
#ifndef FUZZ_ENGINES_SEED_IMPORT_H_
#define FUZZ_ENGINES_SEED_IMPORT_H_

#include <string>

#include "absl/status/status.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Copies every file in `from` and the folders below it into `corpus`, in binary form and under a name that follows
// from its content; what is there already stays. Files that end in .rqs are text, all others binary. Errors: `from`
// is no folder, a file cannot be read or parsed, `corpus` cannot be written.
absl::Status ImportSeeds(const std::string& from, const std::string& corpus);

// Adds one scenario in the same way.
absl::Status ImportSeed(const Scenario& scenario, const std::string& corpus);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_SEED_IMPORT_H_
