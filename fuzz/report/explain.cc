#include "fuzz/report/explain.h"

#include "absl/strings/str_format.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/report/splat.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

std::string ExplainScenario(const Scenario& scenario) {
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  return absl::StrFormat("%s\nfinding.rqs:\n\n%s",
                         Splat(scenario, "finding.rqs", upstream.ok() ? *upstream : KnownCauses()),
                         PrintText({{}, {}, scenario}));
}

}  // namespace rqfuzz
