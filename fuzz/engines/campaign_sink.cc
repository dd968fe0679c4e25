#include "fuzz/engines/campaign_sink.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

#include <pthread.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/child_process.h"

namespace rqfuzz {
namespace {

constexpr auto kRetryInterval = std::chrono::milliseconds(50);

constexpr char kFindingsVariable[] = "RQFUZZ_CAMPAIGN";
constexpr char kStatsVariable[] = "RQFUZZ_CAMPAIGN_STATS";
constexpr char kWorkerVariable[] = "RQFUZZ_CAMPAIGN_WORKER";

// Holds back SIGTERM, by which the campaign ends its workers, while a finding is written.
class TerminationDelay {
 public:
  TerminationDelay() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before_);
  }
  ~TerminationDelay() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  TerminationDelay(const TerminationDelay&) = delete;
  TerminationDelay& operator=(const TerminationDelay&) = delete;

 private:
  sigset_t before_;
};

// What a target of another process needs for its sink.
struct Membership {
  FindingStore store;
  KnownCauses known;
  CampaignSink sink;

  Membership(CampaignStats& stats, unsigned worker, std::string findings, KnownCauses known_causes)
      : store(std::move(findings)), known(std::move(known_causes)), sink(stats, worker, store, known) {}
};

// afl-fuzz has this process fork the one that executes inputs, which it stops after each of them. A campaign that is
// killed takes afl-fuzz with it; without this, what is stopped would stay for ever.
void EndWithAflFuzz() {
  static pid_t server = 0;
  EndWithParent(getppid());
  pthread_atfork([] { server = getpid(); }, nullptr, [] { EndWithParent(server); });
}

// Of an environment variable; negative: there is no number in it.
int NumberIn(const char* variable) {
  const char* text = std::getenv(variable);
  int number = -1;
  if (text == nullptr || !absl::SimpleAtoi(text, &number)) return -1;
  return number;
}

}  // namespace

void CampaignSink::Report(const Scenario& scenario, const Verdict& verdict) {
  const std::uint64_t hash = CauseHash(verdict.oracle, verdict.cause);
  if (stats_.HasCause(hash)) return;
  const TerminationDelay delay;
  if (known_.Find(*scenario.lock_type, verdict.oracle, verdict.cause) == nullptr) Keep(scenario, verdict);
  stats_.AddCause(hash);
}

void CampaignSink::Keep(const Scenario& scenario, const Verdict& verdict) {
  Finding finding;
  finding.oracle = verdict.oracle;
  finding.cause = verdict.cause;
  finding.message = verdict.message;
  finding.seed = campaign_.seed();
  finding.executions = campaign_.Executions();
  finding.seconds = campaign_.Seconds();
  finding.scenario = scenario;
  absl::StatusOr<bool> kept = store_.Keep(finding);
  if (!kept.ok()) {
    // The disk is full: the campaign's parent makes room.
    campaign_.BlockedBegin();
    for (; !kept.ok(); kept = store_.Keep(finding)) std::this_thread::sleep_for(kRetryInterval);
    campaign_.BlockedEnd();
  }
  if (*kept) campaign_.FindingKept();
}

void SetCampaignEnvironment(const CampaignStats& stats, unsigned worker, const std::string& findings) {
  setenv(kFindingsVariable, findings.c_str(), 1);
  setenv(kStatsVariable, absl::StrCat(stats.descriptor()).c_str(), 1);
  setenv(kWorkerVariable, absl::StrCat(worker).c_str(), 1);
}

absl::StatusOr<FindingSink*> JoinCampaign() {
  const char* findings = std::getenv(kFindingsVariable);
  if (findings == nullptr) return nullptr;
  const int worker = NumberIn(kWorkerVariable);
  CampaignStats* stats = CampaignStats::Attach(NumberIn(kStatsVariable));
  if (stats == nullptr || worker < 0 || worker >= static_cast<int>(kJobsMax)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s is set, but not by a campaign of this build of rqfuzz; unset it", kFindingsVariable));
  }
  absl::StatusOr<KnownCauses> known = stats->is_strict() ? KnownCauses() : KnownCauses::Load();
  if (!known.ok()) return known.status();
  EndWithAflFuzz();
  static Membership membership(*stats, static_cast<unsigned>(worker), findings, *std::move(known));
  return &membership.sink;
}

}  // namespace rqfuzz
