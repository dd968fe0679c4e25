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
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/finding_minimizer.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/progress.h"
#include "fuzz/engines/worker.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {
namespace {

constexpr unsigned kDeathsMax = 3;        // of one worker, then it is given up
constexpr double kPatience_seconds = 10;  // from SIGTERM to SIGKILL
constexpr long kTick_ns = 200'000'000;

class CampaignLoop {
 public:
  CampaignLoop(const CampaignPlan& plan, CampaignStats* stats)
      : plan_(plan),
        stats_(*stats),
        store_(plan.folders.findings),
        minimizer_(store_, plan.folders.logs + "/minimize.log"),
        workers_(plan.jobs) {}

  absl::StatusOr<CampaignResult> Run();

 private:
  struct Worker {
    pid_t process = 0;  // 0: none
    unsigned deaths = 0;
  };

  void StartWorker(unsigned index);
  std::string LogOf(unsigned index) const { return absl::StrFormat("%s/worker-%d.log", plan_.folders.logs, index); }
  bool WorkersRun() const;
  void SignalWorkers(int signal);
  void EndWorkers();

  // Waits for a signal or the next tick.
  void Wait();
  void StopRequested();
  void ReapChildren();
  void WorkerEnded(unsigned index, int wait_status);
  void EnforceLimits();
  absl::Status LookAtFindings();
  void ShowProgress();
  void Tell(const std::string& line);
  void Fail(std::string failure);

  std::vector<KnownCause> KnownMet() const;
  absl::StatusOr<CampaignResult> Result();

  const CampaignPlan& plan_;
  CampaignStats& stats_;
  FindingStore store_;
  FindingMinimizer minimizer_;
  Progress progress_;
  std::vector<Worker> workers_;
  sigset_t signals_ = {};
  bool interrupted_ = false;
  std::optional<double> kill_seconds_;  // when workers that still run are killed
  bool look_again_ = true;              // at the findings
  unsigned causes_seen_ = 0;
  std::set<std::string> announced_;      // paths of findings
  std::uint64_t executions_before_ = 0;  // at the last progress line
  double seconds_before_ = 0;
  bool failed_ = false;
  std::vector<std::string> failures_;
};

absl::StatusOr<CampaignResult> CampaignLoop::Run() {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&signals_, signal);
  sigset_t before;
  sigprocmask(SIG_BLOCK, &signals_, &before);
  for (unsigned i = 0; i < workers_.size(); ++i) StartWorker(i);
  absl::Status status;
  while (WorkersRun() || minimizer_.IsRunning()) {
    Wait();
    ReapChildren();
    EnforceLimits();
    status.Update(LookAtFindings());
    if (progress_.IsDue(stats_.Seconds())) ShowProgress();
  }
  progress_.Clear();
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (!status.ok()) return status;
  return Result();
}

void CampaignLoop::StartWorker(unsigned index) {
  Worker& worker = workers_[index];
  Random random(Random(plan_.seed).Next() + index + worker.deaths * kJobsMax);
  WorkerTask task;
  task.index = index;
  task.seed = plan_.seed;
  task.fuzzer_seed = static_cast<std::uint32_t>(random.Next()) | 1;
  task.shares_corpus = plan_.jobs > 1;
  task.corpus = plan_.folders.corpus;
  task.crashes = plan_.folders.crashes;
  task.choice = &plan_.choice;
  task.requested = plan_.requested;
  task.known = &plan_.known;
  task.store = &store_;
  task.stats = &stats_;
  if (worker.deaths == 0) unlink(LogOf(index).c_str());
  const absl::StatusOr<pid_t> process = StartChild(LogOf(index), [&task] { RunWorker(task); });
  if (process.ok()) {
    worker.process = *process;
  } else {
    Fail(std::string(process.status().message()));
  }
}

bool CampaignLoop::WorkersRun() const {
  for (const Worker& worker : workers_) {
    if (worker.process != 0) return true;
  }
  return false;
}

void CampaignLoop::SignalWorkers(int signal) {
  for (const Worker& worker : workers_) {
    if (worker.process != 0) kill(worker.process, signal);
  }
}

void CampaignLoop::EndWorkers() {
  SignalWorkers(SIGTERM);
  kill_seconds_ = stats_.Seconds() + kPatience_seconds;
}

void CampaignLoop::Wait() {
  const timespec tick = {0, kTick_ns};
  const int signal = sigtimedwait(&signals_, nullptr, &tick);
  if (signal > 0 && signal != SIGCHLD) StopRequested();
}

void CampaignLoop::StopRequested() {
  if (interrupted_) SignalWorkers(SIGKILL);
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
    for (unsigned i = 0; i < workers_.size(); ++i) {
      if (workers_[i].process == child) WorkerEnded(i, wait_status);
    }
  }
}

void CampaignLoop::WorkerEnded(unsigned index, int wait_status) {
  Worker& worker = workers_[index];
  worker.process = 0;
  look_again_ = true;
  const bool is_over = kill_seconds_.has_value();
  if (is_over && WIFSIGNALED(wait_status)) return;
  ++worker.deaths;
  const std::string death =
      absl::StrFormat("worker %d died (%s); see %s", index, WaitStatusName(wait_status), LogOf(index));
  if (worker.deaths == kDeathsMax) {
    Fail(absl::StrFormat("%s; given up after %d deaths", death, kDeathsMax));
  } else if (is_over) {
    failures_.push_back(death);
  } else {
    failures_.push_back(death + "; started again");
    Tell(failures_.back());
    StartWorker(index);
  }
}

void CampaignLoop::EnforceLimits() {
  const double now = stats_.Seconds();
  minimizer_.EnforceLimit(now);
  if (!kill_seconds_.has_value() && now >= static_cast<double>(plan_.seconds)) EndWorkers();
  if (kill_seconds_.has_value() && now > *kill_seconds_) SignalWorkers(SIGKILL);
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

void CampaignLoop::ShowProgress() {
  ProgressState state;
  state.seconds = stats_.Seconds();
  state.seconds_total = plan_.seconds;
  state.executions = stats_.Executions();
  const double rate = static_cast<double>(state.executions - executions_before_) / (state.seconds - seconds_before_);
  state.executions_per_second = static_cast<std::uint64_t>(rate);
  if (const auto files = ListFiles(plan_.folders.corpus); files.ok()) state.corpus_files = files->size();
  state.findings = static_cast<unsigned>(announced_.size());
  state.known = static_cast<unsigned>(KnownMet().size());
  state.last_finding_seconds = stats_.last_finding_seconds();
  executions_before_ = state.executions;
  seconds_before_ = state.seconds;
  progress_.Show(state);
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
  result.jobs = plan_.jobs;
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
  result.failed = failed_;
  return result;
}

}  // namespace

absl::StatusOr<CampaignResult> RunCampaignLoop(const CampaignPlan& plan) {
  CampaignStats* stats = CampaignStats::Create(plan.jobs);
  if (stats == nullptr) return absl::ResourceExhaustedError("no shared memory for the campaign's statistics");
  return CampaignLoop(plan, stats).Run();
}

}  // namespace rqfuzz
