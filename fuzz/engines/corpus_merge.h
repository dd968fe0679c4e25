// Makes one corpus for engines out of several: of all their inputs only those that add something are kept.
#ifndef FUZZ_ENGINES_CORPUS_MERGE_H_
#define FUZZ_ENGINES_CORPUS_MERGE_H_

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace rqfuzz {

struct MergedCorpus {
  std::size_t inputs = 0;  // distinct ones in the folders that were merged
  std::size_t before = 0;  // inputs in the merged corpus before
  std::size_t added = 0;
  // Of the merged corpus, as coverage_meter.h counts them. What the folders reach together, it reaches.
  std::size_t features = 0;
  std::size_t states = 0;
};

// Plays every input in the folders `from` and those below them, the smallest first, and copies to the folder `into`,
// which is made if need be, each that reaches a feature or a state that nothing before it reached; what is in `into`
// counts as before all others. What engines would not keep because it takes too long adds nothing. Files are copied
// as they are (text is turned into binary form), each in one step and under libFuzzer's name for its content. Nothing
// is removed, so a merge that was killed goes on when it is started again, with the same result. Errors, before
// anything is written: a folder or a file cannot be read or parsed, or `from` holds no input; later: `into` cannot be
// written. REQUIRES: no engine works in this process.
absl::StatusOr<MergedCorpus> MergeCorpora(std::span<const std::string> from, const std::string& into);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CORPUS_MERGE_H_
