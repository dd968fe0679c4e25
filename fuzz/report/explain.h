// What happens in a scenario, as the report of a finding tells it.
#ifndef FUZZ_REPORT_EXPLAIN_H_
#define FUZZ_REPORT_EXPLAIN_H_

#include <string>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// The scenario's splat with what the catalogue calls the bug, and its text. Without the catalogue it has no name.
// REQUIRES: the scenario is valid.
std::string ExplainScenario(const Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_EXPLAIN_H_
