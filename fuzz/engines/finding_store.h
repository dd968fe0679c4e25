// The folder in which a campaign keeps its findings, one .rqs file for each. The file's name follows from lock,
// oracle and cause, so workers and campaigns that find the same thing agree on one file; the first to write it
// wins.
//
// A finding stands in its file, whole, when Keep() returns: killing the process afterwards loses nothing.
#ifndef FUZZ_ENGINES_FINDING_STORE_H_
#define FUZZ_ENGINES_FINDING_STORE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Finding {
  std::string oracle;
  std::string cause;
  std::string message;
  std::uint64_t seed = 0;        // of the campaign that found it
  std::uint64_t executions = 0;  // of all workers from the campaign's start until it was found
  double seconds = 0;            // likewise
  bool minimized = false;
  Scenario scenario;
};

class FindingStore {
 public:
  explicit FindingStore(std::string folder) : folder_(std::move(folder)) {}

  // Creates the folder if need be. Errors: it cannot be created or written.
  absl::Status Open();

  // Writes a finding that is not there yet; returns whether it was written.
  absl::StatusOr<bool> Keep(const Finding& finding) const;
  // Writes it in place of what stands there.
  absl::Status Replace(const Finding& finding) const;

  // All findings in this lock and revision, in the order of their files' names. Errors: a file that does not parse.
  absl::StatusOr<std::vector<Finding>> Load(const locks::LockType& type) const;

  // Where the finding is kept: FOLDER/ORACLE-CAUSE-REVISION.rqs.
  std::string PathOf(const Finding& finding) const;

 private:
  std::string TextOf(const Finding& finding) const;

  std::string folder_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_FINDING_STORE_H_
