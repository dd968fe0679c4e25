// The workers of a campaign as the parent sees them: processes that it starts, starts again when they die, and ends.
//
// Invariants: 1. A worker that has died kDeathsMax times is not started again: `failed()`.
#ifndef FUZZ_ENGINES_WORKER_POOL_H_
#define FUZZ_ENGINES_WORKER_POOL_H_

#include <string>
#include <vector>

#include <sys/types.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_plan.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/progress.h"

namespace rqfuzz {

class WorkerPool {
 public:
  // All three must outlive this object.
  WorkerPool(const CampaignPlan& plan, const FindingStore& store, CampaignStats& stats)
      : plan_(plan), store_(store), stats_(stats), workers_(plan.jobs()) {}

  // Each worker once. Errors, here and below: no process can be had.
  absl::Status StartAll();
  bool AnyRuns() const;
  void Signal(int signal) const;
  // From now on a worker that ends is not started again.
  void StopRestarting() { is_over_ = true; }

  // To be called for each child of the campaign that ended. Returns what there is to say about it: nothing if it is
  // no worker, or ended because it was told to.
  std::string ChildEnded(pid_t child, int wait_status);
  // A worker was given up.
  bool failed() const { return failed_; }

  // Of every worker. Rates are taken since the last call, `seconds` ago.
  std::vector<WorkerProgress> TakeProgress(double seconds);

 private:
  struct Worker {
    pid_t process = 0;  // 0: none
    unsigned deaths = 0;
    std::uint64_t executions_before = 0;  // at the last TakeProgress()
  };

  absl::Status Start(unsigned index);
  absl::StatusOr<pid_t> StartLibFuzzer(unsigned index, std::uint32_t fuzzer_seed) const;
  absl::StatusOr<pid_t> StartAfl(unsigned index, std::uint32_t fuzzer_seed) const;
  std::string Died(unsigned index, int wait_status);
  std::string LogOf(unsigned index) const { return absl::StrFormat("%s/worker-%d.log", plan_.folders.logs, index); }
  std::string StateOf(unsigned index) const;

  const CampaignPlan& plan_;
  const FindingStore& store_;
  CampaignStats& stats_;
  std::vector<Worker> workers_;
  bool is_over_ = false;
  bool failed_ = false;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_WORKER_POOL_H_
