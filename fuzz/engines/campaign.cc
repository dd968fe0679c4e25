#include "fuzz/engines/campaign.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/afl_finds.h"
#include "fuzz/engines/campaign_loop.h"
#include "fuzz/engines/campaign_record.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/disk_reserve.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"
#include "fuzz/scenario/binary.h"

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
  if (const absl::Status status = DiskReserve(options.out).Hold(); !status.ok()) return status;
  if (const absl::Status status = store.Open(); !status.ok()) return status;
  for (const std::string& folder : {folders.corpus, folders.crashes, folders.logs, folders.afl}) {
    if (const absl::Status status = MakeFolder(folder); !status.ok()) return status;
  }
  RemoveTemporaryFiles(folders.corpus);
  if (!options.json.empty()) return CheckFolderIsWritable(FolderOf(options.json));
  return absl::OkStatus();
}

// Earlier findings are seeds too: a campaign that goes on meets again what still holds.
absl::Status ImportAllSeeds(const CampaignOptions& options, const CampaignPlan& plan) {
  const CampaignFolders& folders = plan.folders;
  // afl-fuzz starts from the corpus, always: it needs what its last instances found there, and at least one file.
  AflFinds afl(folders.afl, plan.name, folders.corpus, folders.crashes);
  if (const auto collected = afl.Collect(); !collected.ok()) return collected.status();
  afl.RemoveInstances();
  Scenario first;
  Decode({}, first);
  plan.choice.ApplyTo(first);
  if (const absl::Status status = ImportSeed(first, folders.corpus); !status.ok()) return status;
  if (!options.corpus.empty()) {
    if (const absl::Status status = ImportSeeds(options.corpus, folders.corpus); !status.ok()) return status;
  }
  return ImportSeeds(folders.findings, folders.corpus);
}

// "both" alternates.
absl::StatusOr<std::vector<Engine>> WorkersOf(const CampaignOptions& options) {
  unsigned jobs = options.jobs == 0 ? std::max(1u, std::thread::hardware_concurrency()) : options.jobs;
  const bool is_both = options.engine == "both";
  if (options.jobs == 0 && is_both) jobs = std::max(2u, jobs);
  if (jobs > kJobsMax || (is_both && jobs < 2)) {
    return absl::InvalidArgumentError(absl::StrFormat("--jobs %d: from %d to %d are possible with --engine %s", jobs,
                                                      is_both ? 2 : 1, kJobsMax, options.engine));
  }
  std::vector<Engine> workers(jobs, options.engine == "afl" ? Engine::kAfl : Engine::kLibFuzzer);
  for (unsigned i = 1; is_both && i < jobs; i += 2) workers[i] = Engine::kAfl;
  return workers;
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
  absl::StatusOr<std::vector<Engine>> workers = WorkersOf(options);
  if (!workers.ok()) return workers.status();
  CampaignPlan plan{.choice = *std::move(choice),
                    .upstream = *std::move(upstream),
                    .known = *std::move(known),
                    .folders = {.out = options.out,
                                .findings = options.out + "/findings",
                                .corpus = options.out + "/corpus",
                                .crashes = options.out + "/crashes",
                                .logs = options.out + "/logs",
                                .afl = options.out + "/afl"},
                    .name = CampaignName(options.out),
                    .workers = *std::move(workers),
                    .afl = {},
                    .seconds = options.seconds,
                    .seed = options.seed.value_or(std::random_device()()),
                    .strict = options.strict,
                    .with = options.with,
                    .requested = *requested};
  if (options.engine != "libfuzzer") {
    absl::StatusOr<AflPrograms> afl = AflPrograms::Find();
    if (!afl.ok()) return afl.status();
    plan.afl = *std::move(afl);
  }
  FindingStore store(plan.folders.findings);
  if (const absl::Status status = PrepareFolders(options, plan.folders, store); !status.ok()) return status;
  if (const absl::Status status = ImportAllSeeds(options, plan); !status.ok()) return status;
  if (const absl::Status status = KeepRecord(options, plan.name); !status.ok()) return status;
  return plan;
}

void PrintError(const absl::Status& status) { std::fprintf(stderr, "%s\n", std::string(status.message()).c_str()); }

}  // namespace

ExitStatus RunCampaign(const CampaignOptions& options) {
  // A limit on the size of files is an error like that of a full disk, not a reason to die.
  signal(SIGXFSZ, SIG_IGN);
  const absl::StatusOr<CampaignPlan> plan = PlanOf(options);
  if (!plan.ok()) {
    PrintError(plan.status());
    return kBadInput;
  }
  absl::PrintF("%s: %d %s for %d s, seed %d, output in %s\n", plan->choice.Name(), plan->jobs(),
               plan->jobs() == 1 ? "worker" : "workers", plan->seconds, plan->seed, options.out);
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
