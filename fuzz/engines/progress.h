// What a running campaign shows: one line that is rewritten each second on a terminal, a line every ten seconds
// elsewhere.
#ifndef FUZZ_ENGINES_PROGRESS_H_
#define FUZZ_ENGINES_PROGRESS_H_

#include <cstdint>
#include <string>

namespace rqfuzz {

struct ProgressState {
  double seconds = 0;  // since the campaign's start
  std::uint64_t seconds_total = 0;
  std::uint64_t executions = 0;
  std::uint64_t executions_per_second = 0;  // lately
  std::uint64_t corpus_files = 0;
  unsigned findings = 0;
  unsigned known = 0;
  double last_finding_seconds = -1;  // when, since the campaign's start; negative: none yet
};

// The state on one line, without line end.
std::string ProgressLine(const ProgressState& state);

// "1,234,567".
std::string WithThousands(std::uint64_t number);

class Progress {
 public:
  // Writes to stdout.
  Progress();

  // Whether it is time to call Show().
  bool IsDue(double seconds) const { return seconds >= next_seconds_; }
  void Show(const ProgressState& state);
  // Makes room for other output.
  void Clear();

 private:
  bool is_terminal_;
  double interval_seconds_;
  double next_seconds_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_PROGRESS_H_
