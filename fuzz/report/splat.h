// What a person reads of one scenario: the broken promise, who holds and waits for what, the steps that led there,
// why it is wrong, which revisions have it, and how to play it again. About a screen for a minimal scenario.
#ifndef FUZZ_REPORT_SPLAT_H_
#define FUZZ_REPORT_SPLAT_H_

#include <string>
#include <string_view>

#include "fuzz/engines/known_causes.h"
#include "fuzz/report/execution.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Plays the scenario on its own revision and on every other. `file`: where it is kept, for the command that replays
// it. `upstream`: by which findings are named. The same text in every run of one build. REQUIRES: the scenario is
// valid.
std::string Splat(const Scenario& scenario, std::string_view file, const KnownCauses& upstream);
// The same of an execution that is there already.
std::string Splat(const Execution& execution, std::string_view file, const KnownCauses& upstream);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_SPLAT_H_
