// Findings in SARIF 2.1.0, which code hosts show beside a pull request.
// Source of the form: https://docs.oasis-open.org/sarif/sarif/v2.1.0/
#ifndef FUZZ_REPORT_SARIF_H_
#define FUZZ_REPORT_SARIF_H_

#include <span>
#include <string>

#include "fuzz/report/ranked_findings.h"

namespace rqfuzz {

// One run with a rule for each promise that was broken and a result for each finding, in their order. A result's
// fingerprint follows from lock, revision, promise and cause, so a host tells old findings from new ones.
std::string SarifOf(std::span<const RankedFinding> findings);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_SARIF_H_
