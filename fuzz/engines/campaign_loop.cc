#include "fuzz/engines/campaign_loop.h"

#include <csignal>
#include <ctime>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/corpus_watcher.h"
#include "fuzz/engines/disk_reserve.h"
#include "fuzz/engines/finding_minimizer.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/progress.h"
#include "fuzz/engines/progress_journal.h"
#include "fuzz/engines/worker_pool.h"

namespace rqfuzz {
namespace {

constexpr unsigned kCrashesMax = 3;       // of targets under AFL++, then the campaign has failed
constexpr double kPatience_seconds = 10;  // from SIGTERM to SIGKILL
constexpr long kTick_ns = 200'000'000;

class CampaignLoop {
 public:
  CampaignLoop(const CampaignPlan& plan, CampaignStats* stats)
      : plan_(plan),
        stats_(*stats),
        store_(plan.folders.findings),
        minimizer_(store_, plan.folders.logs + "/minimize.log"),
        pool_(plan, store_, *stats),
        journal_(ProgressJournal::In(plan.folders.out)),
        reserve_(plan.folders.out) {}

  absl::StatusOr<CampaignResult> Run();

 private:
  void StartWatcher();
  void EndWorkers();

  // Waits for a signal or the next tick.
  void Wait();
  void StopRequested();
  void ReapChildren();
  void EnforceLimits();
  void LookAtDisk();
  void LookAtCrashes();
  absl::Status LookAtFindings();
  ProgressState TakeProgress();
  void ShowProgress();
  void Record(const ProgressState& state);
  void Tell(const std::string& line);
  void Fail(std::string failure);

  std::vector<KnownCause> KnownMet() const;
  absl::StatusOr<CampaignResult> Result();

  const CampaignPlan& plan_;
  CampaignStats& stats_;
  FindingStore store_;
  FindingMinimizer minimizer_;
  WorkerPool pool_;
  Progress progress_;
  ProgressJournal journal_;
  DiskReserve reserve_;
  double disk_full_seconds_ = -1;  // since when; negative: it is not
  unsigned crashes_seen_ = 0;
  ProgressState before_;  // what earlier campaigns in the folder had reached
  pid_t watcher_ = 0;     // 0: none
  sigset_t signals_ = {};
  bool interrupted_ = false;
  std::optional<double> kill_seconds_;  // when workers that still run are killed
  bool look_again_ = true;              // at the findings
  unsigned causes_seen_ = 0;
  std::set<std::string> announced_;  // paths of findings
  double seconds_taken_ = 0;         // at the last TakeProgress()
  bool failed_ = false;
  std::vector<std::string> failures_;
};

absl::StatusOr<CampaignResult> CampaignLoop::Run() {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&signals_, signal);
  sigset_t before;
  sigprocmask(SIG_BLOCK, &signals_, &before);
  if (const std::vector<ProgressState> earlier = journal_.Read(); !earlier.empty()) before_ = earlier.back();
  stats_.ExpectCorpus(before_.features, before_.states);
  StartWatcher();
  if (const absl::Status started = pool_.StartAll(); !started.ok()) Fail(std::string(started.message()));
  absl::Status status;
  while (pool_.AnyRuns() || minimizer_.IsRunning()) {
    Wait();
    ReapChildren();
    EnforceLimits();
    LookAtDisk();
    LookAtCrashes();
    status.Update(LookAtFindings());
    ShowProgress();
  }
  Record(TakeProgress());
  if (watcher_ > 0) kill(watcher_, SIGKILL);
  reserve_.Release();
  progress_.Clear();
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (!status.ok()) return status;
  return Result();
}

void CampaignLoop::StartWatcher() {
  const WatcherTask task = {.plan = &plan_, .stats = &stats_};
  const absl::StatusOr<pid_t> watcher =
      StartChild(plan_.folders.logs + "/corpus.log", [&task] { RunCorpusWatcher(task); });
  if (watcher.ok()) {
    watcher_ = *watcher;
  } else {
    Fail(std::string(watcher.status().message()));
  }
}

void CampaignLoop::EndWorkers() {
  pool_.StopRestarting();
  pool_.Signal(SIGTERM);
  kill_seconds_ = stats_.Seconds() + kPatience_seconds;
}

void CampaignLoop::Wait() {
  const timespec tick = {0, kTick_ns};
  const int signal = sigtimedwait(&signals_, nullptr, &tick);
  if (signal > 0 && signal != SIGCHLD) StopRequested();
}

void CampaignLoop::StopRequested() {
  if (interrupted_) pool_.Signal(SIGKILL);
  if (!kill_seconds_.has_value()) EndWorkers();
  interrupted_ = true;
  minimizer_.Stop();
}

void CampaignLoop::ReapChildren() {
  int wait_status = 0;
  for (pid_t child = waitpid(-1, &wait_status, WNOHANG); child > 0; child = waitpid(-1, &wait_status, WNOHANG)) {
    std::optional<std::string> failure;
    if (minimizer_.ChildEnded(child, wait_status, failure)) {
      if (failure.has_value()) Fail(*std::move(failure));
      look_again_ = true;
      continue;
    }
    if (child == watcher_) {
      watcher_ = 0;
      Fail(absl::StrFormat("the watcher of the corpus died (%s); see %s/corpus.log", WaitStatusName(wait_status),
                           plan_.folders.logs));
      continue;
    }
    look_again_ = true;
    std::string death = pool_.ChildEnded(child, wait_status);
    if (death.empty()) continue;
    Tell(death);
    failures_.push_back(std::move(death));
    failed_ = failed_ || pool_.failed();
  }
}

void CampaignLoop::EnforceLimits() {
  const double now = stats_.Seconds();
  minimizer_.EnforceLimit(now);
  if (!kill_seconds_.has_value() && now >= static_cast<double>(plan_.seconds)) EndWorkers();
  if (kill_seconds_.has_value() && now > *kill_seconds_) pool_.Signal(SIGKILL);
}

// Workers write what they have found with the help of the reserve, then the campaign ends.
void CampaignLoop::LookAtDisk() {
  const double now = stats_.Seconds();
  if (disk_full_seconds_ < 0) {
    if (stats_.blocked() == 0 && !reserve_.IsAlmostFull()) return;
    disk_full_seconds_ = now;
    reserve_.Release();
    minimizer_.Stop();
    Fail(
        absl::StrFormat("%s: the disk is full, so the campaign stops; what was found is kept. Make room, then: "
                        "rqfuzz campaign --resume %s",
                        plan_.folders.out, plan_.folders.out));
  }
  const bool is_waiting = stats_.blocked() > 0 && now - disk_full_seconds_ < kPatience_seconds;
  if (!is_waiting && !kill_seconds_.has_value()) EndWorkers();
}

void CampaignLoop::LookAtCrashes() {
  const unsigned crashes = stats_.crashes();
  if (crashes == crashes_seen_) return;
  crashes_seen_ = crashes;
  Tell(absl::StrFormat("the fuzz target crashed or hung on %d inputs under AFL++; they are in %s", crashes,
                       plan_.folders.crashes));
}

absl::Status CampaignLoop::LookAtFindings() {
  const unsigned causes = stats_.CauseCount();
  if (causes == causes_seen_ && !look_again_) return absl::OkStatus();
  causes_seen_ = causes;
  look_again_ = false;
  const absl::StatusOr<std::vector<Finding>> findings = store_.Load(plan_.choice.type());
  if (!findings.ok()) return findings.status();
  for (const Finding& finding : *findings) {
    const bool met = stats_.HasCause(CauseHash(finding.oracle, finding.cause));
    if (met && announced_.insert(store_.PathOf(finding)).second) {
      Tell(absl::StrFormat("finding: %s %s: %s", finding.oracle, finding.cause, store_.PathOf(finding)));
    }
  }
  minimizer_.StartNext(*findings, stats_.Seconds());
  return absl::OkStatus();
}

ProgressState CampaignLoop::TakeProgress() {
  const double now = stats_.Seconds();
  const CampaignStats::Corpus corpus = stats_.corpus();
  // What earlier campaigns in this folder saw is over for good, or was a while ago.
  const auto moment = [this](double seconds, double earlier) {
    return seconds < 0 ? earlier : before_.seconds + seconds;
  };
  ProgressState state;
  state.seconds = before_.seconds + now;
  state.seconds_total = before_.seconds + static_cast<double>(plan_.seconds);
  state.executions = before_.executions + stats_.Executions();
  state.corpus_files = corpus.files;
  state.features = corpus.features;
  state.states = corpus.states;
  state.findings = static_cast<unsigned>(announced_.size());
  state.known = static_cast<unsigned>(KnownMet().size());
  state.last_feature_seconds = moment(corpus.last_gain_seconds, before_.last_feature_seconds);
  state.last_finding_seconds = moment(stats_.last_finding_seconds(), before_.last_finding_seconds);
  state.workers = pool_.TakeProgress(now - seconds_taken_);
  for (const WorkerProgress& worker : state.workers) state.executions_per_second += worker.executions_per_second;
  seconds_taken_ = now;
  return state;
}

void CampaignLoop::ShowProgress() {
  const double now = stats_.Seconds();
  const bool show = progress_.IsDue(now);
  const bool record = journal_.IsDue(before_.seconds + now);
  if (!show && !record) return;
  const ProgressState state = TakeProgress();
  if (show) progress_.Show(now, state);
  if (record) Record(state);
}

void CampaignLoop::Record(const ProgressState& state) {
  if (const absl::Status status = journal_.Append(state); !status.ok()) Tell(std::string(status.message()));
}

void CampaignLoop::Tell(const std::string& line) {
  progress_.Clear();
  absl::PrintF("%s\n", line);
  std::fflush(stdout);
}

void CampaignLoop::Fail(std::string failure) {
  Tell(failure);
  failures_.push_back(std::move(failure));
  failed_ = true;
}

std::vector<KnownCause> CampaignLoop::KnownMet() const {
  std::vector<KnownCause> met;
  for (const KnownCause& known : plan_.known.all()) {
    const bool is_this = plan_.known.Find(plan_.choice.type(), known.oracle, known.cause) == &known;
    if (is_this && stats_.HasCause(CauseHash(known.oracle, known.cause))) met.push_back(known);
  }
  return met;
}

absl::StatusOr<CampaignResult> CampaignLoop::Result() {
  absl::StatusOr<std::vector<Finding>> findings = store_.Load(plan_.choice.type());
  if (!findings.ok()) return findings.status();
  CampaignResult result;
  result.lock = plan_.choice.Name();
  result.seed = plan_.seed;
  result.jobs = plan_.jobs();
  result.executions = stats_.Executions();
  result.seconds = stats_.Seconds();
  result.interrupted = interrupted_;
  for (Finding& finding : *findings) {
    if (!stats_.HasCause(CauseHash(finding.oracle, finding.cause))) continue;
    result.files.push_back(store_.PathOf(finding));
    result.bugs.push_back(plan_.upstream.NameOf(*finding.scenario.lock_type, finding.oracle, finding.cause));
    result.findings.push_back(std::move(finding));
  }
  result.known = KnownMet();
  result.failures = failures_;
  if (crashes_seen_ > 0) {
    result.failures.push_back(absl::StrFormat("the fuzz target crashed or hung on %d inputs under AFL++; see %s",
                                              crashes_seen_, plan_.folders.crashes));
  }
  result.failed = failed_ || crashes_seen_ >= kCrashesMax;
  return result;
}

}  // namespace

absl::StatusOr<CampaignResult> RunCampaignLoop(const CampaignPlan& plan) {
  CampaignStats* stats = CampaignStats::Create(plan.jobs(), plan.seed, plan.strict);
  if (stats == nullptr) return absl::ResourceExhaustedError("no shared memory for the campaign's statistics");
  return CampaignLoop(plan, stats).Run();
}

}  // namespace rqfuzz
