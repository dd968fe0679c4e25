// Keeps a scenario for ever: makes it small and writes down what each revision of its lock does with it.
#ifndef FUZZ_ENGINES_CORPUS_ADD_H_
#define FUZZ_ENGINES_CORPUS_ADD_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/engines/bisect.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/play/minimize.h"

namespace rqfuzz {

struct AddedScenario {
  std::string path;
  Minimized minimized;
  Verdict verdict;              // of the minimal scenario on its own revision
  std::vector<BisectRow> rows;  // on every revision, as its `expect` lines say
};

// Minimises the scenario in `file` so that its verdict stays, and writes it to CORPUS/regressions/NAME.rqs with what
// happens as its comment (its own comments if nothing could be taken away) and a line `expect` for each revision of
// its lock that has its build. An empty name: from oracle and cause. Errors, and nothing is written: a file that is
// no scenario, one that passes, a corpus without regressions/, a scenario that is in the corpus already, a name that
// is taken or not made of lower-case letters, digits, hyphens and dots.
absl::StatusOr<AddedScenario> AddToCorpus(const std::string& file, const std::string& corpus, std::string name);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CORPUS_ADD_H_
