#include "fuzz/engines/finding_minimizer.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/play/minimize.h"
#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

constexpr double kLimit_seconds = 60;

[[noreturn]] void MinimizeAndReplace(const Finding& finding, const FindingStore& store, Explain explain) {
  Verdict keep;
  keep.kind = VerdictKind::kFinding;
  keep.oracle = finding.oracle;
  keep.cause = finding.cause;
  Finding minimized = finding;
  minimized.scenario = Minimize(finding.scenario, keep).scenario;
  minimized.minimized = true;
  // CPUs and locks have other numbers now.
  const Verdict verdict = Play(minimized.scenario).verdict;
  if (verdict.oracle != keep.oracle || verdict.cause != keep.cause) {
    absl::FPrintF(stderr, "%s: a replay does not show the finding\n", store.PathOf(finding));
    std::_Exit(kToolFailed);
  }
  minimized.message = verdict.message;
  const absl::Status status = store.Replace(minimized, explain == nullptr ? "" : explain(minimized.scenario));
  if (!status.ok()) absl::FPrintF(stderr, "%s\n", std::string(status.message()));
  std::fflush(stderr);
  std::_Exit(status.ok() ? kNothingFound : kToolFailed);
}

}  // namespace

void FindingMinimizer::StartNext(const std::vector<Finding>& findings, double now_seconds) {
  if (IsRunning() || stopped_) return;
  for (const Finding& finding : findings) {
    if (finding.minimized || !tried_.insert(store_.PathOf(finding)).second) continue;
    const absl::StatusOr<pid_t> child = StartChild(log_, [&] { MinimizeAndReplace(finding, store_, explain_); });
    if (!child.ok()) return;
    child_ = *child;
    current_ = store_.PathOf(finding);
    start_seconds_ = now_seconds;
    return;
  }
}

bool FindingMinimizer::ChildEnded(pid_t child, int wait_status, std::optional<std::string>& failure) {
  if (child != child_) return false;
  child_ = 0;
  if (wait_status != 0 && !stopped_) {
    failure = absl::StrFormat("%s could not be minimised (%s); see %s", current_, WaitStatusName(wait_status), log_);
  }
  return true;
}

void FindingMinimizer::EnforceLimit(double now_seconds) {
  if (IsRunning() && now_seconds - start_seconds_ > kLimit_seconds) kill(child_, SIGKILL);
}

void FindingMinimizer::Stop() {
  stopped_ = true;
  if (IsRunning()) kill(child_, SIGKILL);
}

}  // namespace rqfuzz
