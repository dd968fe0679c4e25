#include "fuzz/engines/progress.h"

#include <cmath>
#include <cstdio>
#include <map>

#include <sys/ioctl.h>
#include <unistd.h>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

// "2 running, 1 given up".
std::string WorkersText(const std::vector<WorkerProgress>& workers) {
  std::map<std::string, unsigned> counts;
  for (const WorkerProgress& worker : workers) ++counts[worker.state];
  std::string text;
  for (const auto& [state, count] : counts) {
    text += absl::StrFormat("%s%d %s", text.empty() ? "" : ", ", count, state);
  }
  return text;
}

std::string AgoText(const char* what, double seconds, double now_seconds) {
  if (seconds < 0) return "";
  return absl::StrFormat(", %s %d s ago", what, std::llround(now_seconds - seconds));
}

}  // namespace

std::string WithThousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string ProgressLine(const ProgressState& state) {
  return absl::StrFormat(
      "%d/%d s, %s executions, %s/s, corpus %d, features %d, states %d, findings %d, known %d%s%s; workers: %s",
      std::llround(state.seconds), std::llround(state.seconds_total), WithThousands(state.executions),
      WithThousands(state.executions_per_second), state.corpus_files, state.features, state.states, state.findings,
      state.known, AgoText("last new feature", state.last_feature_seconds, state.seconds),
      AgoText("last finding", state.last_finding_seconds, state.seconds), WorkersText(state.workers));
}

std::string WorkerLine(unsigned index, const WorkerProgress& worker) {
  std::string line = absl::StrFormat("worker %d %-9s %s, %s executions, %s/s", index, worker.engine, worker.state,
                                     WithThousands(worker.executions), WithThousands(worker.executions_per_second));
  if (worker.deaths > 0) line += absl::StrFormat(", died %d times", worker.deaths);
  return line;
}

Progress::Progress()
    : is_terminal_(isatty(STDOUT_FILENO) != 0),
      interval_seconds_(is_terminal_ ? 1 : 10),
      next_seconds_(interval_seconds_) {}

void Progress::Show(double seconds, const ProgressState& state) {
  next_seconds_ = seconds + interval_seconds_;
  if (is_terminal_) {
    ShowView(state);
  } else {
    std::printf("%s\n", ProgressLine(state).c_str());
  }
  std::fflush(stdout);
}

void Progress::ShowView(const ProgressState& state) {
  winsize size = {};
  const bool size_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && size.ws_row > 2;
  Clear();
  std::vector<std::string> lines = {ProgressLine(state)};
  for (unsigned i = 0; i < state.workers.size(); ++i) lines.push_back(WorkerLine(i, state.workers[i]));
  // What wraps or scrolls could not be rewritten.
  if (size_known && lines.size() > size.ws_row - 1u) lines.resize(size.ws_row - 1u);
  for (std::string& line : lines) {
    if (size_known && line.size() >= size.ws_col) line.resize(size.ws_col - 1u);
    std::printf("%s\n", line.c_str());
  }
  lines_shown_ = static_cast<unsigned>(lines.size());
}

void Progress::Clear() {
  if (lines_shown_ > 0) std::printf("\033[%uA\r\033[J", lines_shown_);
  lines_shown_ = 0;
}

}  // namespace rqfuzz
