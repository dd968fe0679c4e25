// The course of a campaign as a file, OUT/progress.jsonl: one JSON object a line, each a ProgressState. Pages about
// campaigns are drawn from it, and a campaign that goes on takes its counts from the last line.
//
// Invariants:
//  1. Lines are only ever appended, each in one write: a process that is killed or a disk that is full leaves at most
//     one line cut short, which readers skip and the next writer ends.
//  2. Times never fall: who goes on continues where the last line stopped.
// Lines are about a hundredth of the campaign's age apart, and at least a second: a day takes some 800 of them.
#ifndef FUZZ_ENGINES_PROGRESS_JOURNAL_H_
#define FUZZ_ENGINES_PROGRESS_JOURNAL_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "fuzz/engines/progress.h"

namespace rqfuzz {

// The state as a line of the file, without line end; times are rounded to milliseconds.
std::string JournalLine(const ProgressState& state);
// A line's state; none if it is not a ProgressState.
std::optional<ProgressState> ParseJournalLine(std::string_view line);

class ProgressJournal {
 public:
  explicit ProgressJournal(std::string path) : path_(std::move(path)) {}
  // Of the campaign in the folder `out`.
  static ProgressJournal In(const std::string& out) { return ProgressJournal(out + "/progress.jsonl"); }

  // All whole lines, in their order; none if there is no such file. Lines that are not ProgressStates are left out.
  std::vector<ProgressState> Read() const;

  // Whether it is time to append another line. `seconds`: ProgressState::seconds.
  bool IsDue(double seconds) const { return seconds >= next_seconds_; }
  // Errors: the file cannot be written, or the disk is full.
  absl::Status Append(const ProgressState& state);

 private:
  std::string path_;
  double next_seconds_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_PROGRESS_JOURNAL_H_
