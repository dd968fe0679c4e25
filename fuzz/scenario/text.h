// The text form of a scenario (`.rqs`): one fact a line, made for people and for `git diff`, lossless. The form is
// explained in README.md.
#ifndef FUZZ_SCENARIO_TEXT_H_
#define FUZZ_SCENARIO_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Larger files are refused. Whoever reads a file may stop after one byte more.
inline constexpr std::size_t kTextMax_bytes = 1'000'000;

// What a replay on `revision` is expected to say. `oracle` and `cause` are empty when they do not matter.
struct Expectation {
  std::string revision;  // one of the lock's, or "*"
  std::string verdict;   // "pass", "finding", "limit" or "caller"
  std::string oracle;
  std::string cause;
  bool operator==(const Expectation&) const = default;
};

struct ScenarioFile {
  std::vector<std::string> comments;  // the lines at the top, without "# "
  std::vector<Expectation> expectations;
  Scenario scenario;
  bool operator==(const ScenarioFile&) const = default;
};

// Reads `text`; the scenario is valid. Otherwise kInvalidArgument with one message, "FILE:LINE:COLUMN: what is
// wrong; how to mend it", of one offence. Lines and columns count from 1, columns in bytes. `file_name` is used in
// that message only.
absl::StatusOr<ScenarioFile> ParseText(std::string_view file_name, std::string_view text);

// The canonical text: ParseText() of it gives `file` again. REQUIRES: the scenario is valid, its lock type is a row
// of locks::AllLockTypes(); comments are single lines of UTF-8; words of expectations are what ParseText() accepts.
std::string PrintText(const ScenarioFile& file);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_TEXT_H_
