// The promises of the contract in words, and what the causes of findings mean, for people who know spinlocks and not
// this tool.
#ifndef FUZZ_REPORT_WHY_H_
#define FUZZ_REPORT_WHY_H_

#include <string_view>

#include "fuzz/oracles/verdict.h"

namespace rqfuzz {

// A promise of section 10 of the lock's description, by the name of its oracle.
struct Promise {
  std::string_view oracle;  // "prompt-aa"
  std::string_view title;   // "AA is refused at once"
  std::string_view text;    // what the contract says
};
// Of the oracle that gave the verdict; null for limits and callers' faults.
const Promise* PromiseOf(const Verdict& verdict);

// How it came to a finding with this cause, and what follows from it; empty if the table has nothing on it.
std::string_view ExplanationOf(const Verdict& verdict);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_WHY_H_
