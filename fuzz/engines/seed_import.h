// Inputs for engines out of files from anywhere, and their way into a campaign's corpus.
#ifndef FUZZ_ENGINES_SEED_IMPORT_H_
#define FUZZ_ENGINES_SEED_IMPORT_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// The name that libFuzzer gives a file of a corpus with this content: whoever uses it writes nothing twice.
std::string CorpusFileName(const std::string& content);

// A scenario in binary form, under that name.
struct Seed {
  std::string name;
  std::string content;
};
// REQUIRES: the scenario is valid.
Seed SeedOf(const Scenario& scenario);

// Every scenario in `folder` and the folders below it, once: contents by their names. A text is turned into binary
// form; any other file is an input as it is, and stands for the same plays (input.h). Empty files are left out, as
// engines do. Errors: no folder, or a file that cannot be read or parsed.
absl::StatusOr<std::map<std::string, std::string>> SeedsBelow(const std::string& folder);

// Copies SeedsBelow(`from`) into `corpus`; what is there already stays.
// Errors: `from` is no folder, a file cannot be read or parsed, `corpus` cannot be written.
absl::Status ImportSeeds(const std::string& from, const std::string& corpus);

// The same for one scenario.
absl::Status ImportSeed(const Scenario& scenario, const std::string& corpus);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_SEED_IMPORT_H_
