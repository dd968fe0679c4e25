// Whether what is kept in a corpus still is what it says.
#ifndef FUZZ_ENGINES_CORPUS_CHECK_H_
#define FUZZ_ENGINES_CORPUS_CHECK_H_

#include <string>
#include <vector>

namespace rqfuzz {

struct CorpusCheck {
  unsigned verdicts = 0;              // expected ones that were played
  std::vector<std::string> offences;  // one line each, the file's name first, the mend last; empty: all is well
  bool unexpected_finding = false;    // a promise is broken where the file expects something else
};

// Reads a scenario. It must survive the way through the binary form; if it is text (.rqs), it must read as it would
// be printed, say what to expect, and give that verdict on each revision that it names ("*": on every one of its
// lock, in its build).
CorpusCheck CheckCorpusFile(const std::string& path);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CORPUS_CHECK_H_
