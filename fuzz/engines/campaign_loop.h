// The parent of a campaign at work: starts workers, watches them, has findings minimised, shows progress.
#ifndef FUZZ_ENGINES_CAMPAIGN_LOOP_H_
#define FUZZ_ENGINES_CAMPAIGN_LOOP_H_

#include "absl/status/statusor.h"
#include "fuzz/engines/campaign_plan.h"
#include "fuzz/engines/campaign_result.h"

namespace rqfuzz {

// Returns when the time is over, or after SIGINT, SIGTERM or SIGHUP (a second one kills the workers at once).
// Errors: no shared memory, or the findings cannot be read back.
absl::StatusOr<CampaignResult> RunCampaignLoop(const CampaignPlan& plan);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_LOOP_H_
