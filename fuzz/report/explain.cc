#include "fuzz/report/explain.h"

#include "absl/strings/str_format.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/report/splat.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

std::string ExplainScenario(const Scenario& scenario) {
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  return absl::StrFormat("%s\n%s", PrintText({{}, {}, scenario}),
                         Splat(scenario, "finding.rqs", upstream.ok() ? *upstream : KnownCauses()));
}

}  // namespace rqfuzz
