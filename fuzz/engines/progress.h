// What a running campaign shows: on a terminal a view that is rewritten each second, with a line for each worker;
// elsewhere one line every ten seconds.
#ifndef FUZZ_ENGINES_PROGRESS_H_
#define FUZZ_ENGINES_PROGRESS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rqfuzz {

struct WorkerProgress {
  std::string engine;                       // "libfuzzer", "afl"
  std::string state;                        // "starting", "running", "ended", "given up"
  unsigned deaths = 0;                      // how often it was started again
  std::uint64_t executions = 0;             // of the time since the campaign was started or resumed
  std::uint64_t executions_per_second = 0;  // lately
  bool operator==(const WorkerProgress&) const = default;
};

// Times and executions count from the first start of the campaign in its folder, times when it did not run left out.
struct ProgressState {
  double seconds = 0;
  double seconds_total = 0;  // when it will end
  std::uint64_t executions = 0;
  std::uint64_t executions_per_second = 0;  // lately
  std::uint64_t corpus_files = 0;
  std::uint64_t features = 0;  // of the corpus: places of the lock's code, by how often an execution passes them
  std::uint64_t states = 0;    // of the corpus: states of the lock; see coverage_meter.h
  unsigned findings = 0;
  unsigned known = 0;
  double last_feature_seconds = -1;  // when the corpus last gained a feature or a state; negative: not yet
  double last_finding_seconds = -1;  // when the last new finding was kept; negative: none yet
  std::vector<WorkerProgress> workers;
  bool operator==(const ProgressState&) const = default;
};

// The state on one line, without line end; workers are counted by what they do.
std::string ProgressLine(const ProgressState& state);
// One worker on one line, without line end.
std::string WorkerLine(unsigned index, const WorkerProgress& worker);

// "1,234,567".
std::string WithThousands(std::uint64_t number);

class Progress {
 public:
  // Writes to stdout.
  Progress();

  // Whether it is time to call Show(). `seconds`: since this process started the campaign.
  bool IsDue(double seconds) const { return seconds >= next_seconds_; }
  void Show(double seconds, const ProgressState& state);
  // Makes room for other output.
  void Clear();

 private:
  void ShowView(const ProgressState& state);

  bool is_terminal_;
  double interval_seconds_;
  double next_seconds_;
  unsigned lines_shown_ = 0;  // of the view, above the cursor
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_PROGRESS_H_
