// The parent of a campaign at work: starts workers, watches them, has findings minimised, shows progress.
#ifndef FUZZ_ENGINES_CAMPAIGN_LOOP_H_
#define FUZZ_ENGINES_CAMPAIGN_LOOP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fuzz/engines/campaign_result.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/engines/lock_choice.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// They exist and can be written.
struct CampaignFolders {
  std::string findings;
  std::string corpus;
  std::string crashes;
  std::string logs;
};

struct CampaignPlan {
  LockChoice choice;
  KnownCauses upstream;  // by which findings are named
  KnownCauses known;
  CampaignFolders folders;
  std::uint64_t seconds = 0;
  unsigned jobs = 0;  // 1 to kJobsMax
  std::uint64_t seed = 0;
  Injectors requested;  // besides the default ones
};

// Returns when the time is over, or after SIGINT, SIGTERM or SIGHUP (a second one kills the workers at once).
// Errors: no shared memory, or the findings cannot be read back.
absl::StatusOr<CampaignResult> RunCampaignLoop(const CampaignPlan& plan);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_LOOP_H_
