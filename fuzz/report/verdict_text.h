// A verdict on one line.
#ifndef FUZZ_REPORT_VERDICT_TEXT_H_
#define FUZZ_REPORT_VERDICT_TEXT_H_

#include <string>

#include "fuzz/oracles/verdict.h"

namespace rqfuzz {

// "pass", "finding prompt-aa: the NMI on CPU 0 ...".
std::string VerdictText(const Verdict& verdict);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_VERDICT_TEXT_H_
