// Findings as a JUnit report, which nearly every CI shows.
#ifndef FUZZ_REPORT_JUNIT_H_
#define FUZZ_REPORT_JUNIT_H_

#include <span>
#include <string>

#include "fuzz/report/ranked_findings.h"

namespace rqfuzz {

// One suite with a failed case for each finding, in their order. Without findings it has one case, which passed: many
// a CI takes an empty suite for a mistake.
std::string JunitOf(std::span<const RankedFinding> findings);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_JUNIT_H_
