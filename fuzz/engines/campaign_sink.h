// Takes what a campaign's workers find: puts it into the store of findings, once, and counts executions where the
// parent and the other workers see them.
//
// A worker is either a process of rqfuzz itself (libFuzzer, worker.h) or the fuzz target under another engine,
// afl-fuzz, which the campaign has told by environment variables that it takes part (JoinCampaign()).
#ifndef FUZZ_ENGINES_CAMPAIGN_SINK_H_
#define FUZZ_ENGINES_CAMPAIGN_SINK_H_

#include <string>

#include "absl/status/statusor.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/fuzz_target.h"
#include "fuzz/engines/known_causes.h"

namespace rqfuzz {

class CampaignSink : public FindingSink {
 public:
  // All must outlive this object. `known`: what is met, but not kept.
  CampaignSink(CampaignStats& stats, unsigned worker, const FindingStore& store, const KnownCauses& known)
      : campaign_(stats), stats_(stats.worker(worker)), store_(store), known_(known) {}

  void CountExecution() override { stats_.CountExecution(); }
  // A finding stands on disk when this returns: it waits as long as that cannot be.
  void Report(const Scenario& scenario, const Verdict& verdict) override;

 private:
  void Keep(const Scenario& scenario, const Verdict& verdict);

  CampaignStats& campaign_;
  WorkerStats& stats_;
  const FindingStore& store_;
  const KnownCauses& known_;
};

// The environment by which a target of another process is told that it is worker number `worker`.
// RQFUZZ_CAMPAIGN: folder of findings; RQFUZZ_CAMPAIGN_STATS: descriptor of the statistics; RQFUZZ_CAMPAIGN_WORKER.
void SetCampaignEnvironment(const CampaignStats& stats, unsigned worker, const std::string& findings);

// The sink of the campaign that the environment names, which lives as long as the process; null: it names none.
// Errors: the variables do not belong together, or to a campaign of this build.
absl::StatusOr<FindingSink*> JoinCampaign();

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_SINK_H_
