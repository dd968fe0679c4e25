#include "fuzz/engines/campaign.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_loop.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"

namespace rqfuzz {
namespace {

// Keeps other campaigns out of the folder until this process and those forked from it have ended.
absl::Status ClaimFolder(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // The workers of a campaign that was killed a moment ago may need another one to end.
  for (int attempt = 0; folder >= 0 && attempt < 20; ++attempt) {
    if (flock(folder, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: another campaign writes to this folder; choose another one with --out", path));
}

absl::Status PrepareFolders(const CampaignOptions& options, const CampaignFolders& folders, FindingStore& store) {
  if (const absl::Status status = MakeFolder(options.out); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s; choose another one with --out", std::string(status.message())));
  }
  if (const absl::Status status = ClaimFolder(options.out); !status.ok()) return status;
  if (const absl::Status status = store.Open(); !status.ok()) return status;
  for (const std::string& folder : {folders.corpus, folders.crashes, folders.logs}) {
    if (const absl::Status status = MakeFolder(folder); !status.ok()) return status;
  }
  RemoveTemporaryFiles(folders.corpus);
  if (!options.json.empty()) return CheckFolderIsWritable(FolderOf(options.json));
  return absl::OkStatus();
}

// Earlier findings are seeds too: a campaign that goes on meets again what still holds.
absl::Status ImportAllSeeds(const CampaignOptions& options, const CampaignFolders& folders) {
  if (!options.corpus.empty()) {
    if (const absl::Status status = ImportSeeds(options.corpus, folders.corpus); !status.ok()) return status;
  }
  return ImportSeeds(folders.findings, folders.corpus);
}

absl::StatusOr<CampaignPlan> PlanOf(const CampaignOptions& options) {
  absl::StatusOr<LockChoice> choice = LockChoice::Find(options.lock, options.revision);
  if (!choice.ok()) return choice.status();
  absl::StatusOr<KnownCauses> known = options.strict ? KnownCauses() : KnownCauses::Load();
  if (!known.ok()) return known.status();
  absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!upstream.ok()) return upstream.status();
  const absl::StatusOr<Injectors> requested = RequestedInjectors(options.with);
  if (!requested.ok()) return requested.status();
  CampaignPlan plan{.choice = *std::move(choice),
                    .upstream = *std::move(upstream),
                    .known = *std::move(known),
                    .folders = {.findings = options.out + "/findings",
                                .corpus = options.out + "/corpus",
                                .crashes = options.out + "/crashes",
                                .logs = options.out + "/logs"},
                    .seconds = options.seconds,
                    .jobs = options.jobs,
                    .seed = options.seed.value_or(std::random_device()()),
                    .requested = *requested};
  if (plan.jobs == 0) plan.jobs = std::max(1u, std::thread::hardware_concurrency());
  if (plan.jobs > kJobsMax) {
    return absl::InvalidArgumentError(absl::StrFormat("--jobs %d: at most %d are possible", plan.jobs, kJobsMax));
  }
  FindingStore store(plan.folders.findings);
  if (const absl::Status status = PrepareFolders(options, plan.folders, store); !status.ok()) return status;
  if (const absl::Status status = ImportAllSeeds(options, plan.folders); !status.ok()) return status;
  return plan;
}

void PrintError(const absl::Status& status) { std::fprintf(stderr, "%s\n", std::string(status.message()).c_str()); }

}  // namespace

ExitStatus RunCampaign(const CampaignOptions& options) {
  const absl::StatusOr<CampaignPlan> plan = PlanOf(options);
  if (!plan.ok()) {
    PrintError(plan.status());
    return kBadInput;
  }
  absl::PrintF("%s: %d %s for %d s, seed %d, output in %s\n", plan->choice.Name(), plan->jobs,
               plan->jobs == 1 ? "worker" : "workers", plan->seconds, plan->seed, options.out);
  const absl::StatusOr<CampaignResult> result = RunCampaignLoop(*plan);
  if (!result.ok()) {
    PrintError(result.status());
    return kToolFailed;
  }
  std::printf("\n%s", SummaryOf(*result).c_str());
  if (!options.json.empty()) {
    if (const absl::Status status = WriteFile(options.json, JsonOf(*result)); !status.ok()) {
      PrintError(status);
      return kToolFailed;
    }
  }
  if (result->failed) return kToolFailed;
  return result->findings.empty() ? kNothingFound : kFound;
}

}  // namespace rqfuzz
