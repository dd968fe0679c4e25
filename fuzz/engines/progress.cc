#include "fuzz/engines/progress.h"

#include <cmath>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include "absl/strings/str_format.h"

namespace rqfuzz {

std::string WithThousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string ProgressLine(const ProgressState& state) {
  std::string line =
      absl::StrFormat("%d/%d s, %s executions, %s/s, corpus %d, findings %d, known %d", std::llround(state.seconds),
                      state.seconds_total, WithThousands(state.executions),
                      WithThousands(state.executions_per_second), state.corpus_files, state.findings, state.known);
  if (state.last_finding_seconds >= 0) {
    line += absl::StrFormat(", last finding %d s ago", std::llround(state.seconds - state.last_finding_seconds));
  }
  return line;
}

Progress::Progress()
    : is_terminal_(isatty(STDOUT_FILENO) != 0),
      interval_seconds_(is_terminal_ ? 1 : 10),
      next_seconds_(interval_seconds_) {}

void Progress::Show(const ProgressState& state) {
  next_seconds_ = state.seconds + interval_seconds_;
  std::string line = ProgressLine(state);
  if (is_terminal_) {
    // A line that wraps could not be rewritten.
    winsize size = {};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && line.size() >= size.ws_col) {
      line.resize(size.ws_col - 1u);
    }
    std::printf("\r\033[K%s", line.c_str());
  } else {
    std::printf("%s\n", line.c_str());
  }
  std::fflush(stdout);
}

void Progress::Clear() {
  if (is_terminal_) std::printf("\r\033[K");
}

}  // namespace rqfuzz
