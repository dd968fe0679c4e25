// The folder in which a campaign keeps its findings, a folder for each:
//
//   FINDINGS/ORACLE-CAUSE-REVISION/finding.rqs   the scenario, with the verdict that it must give
//                                 /report.txt    what happens in it, for people
//                                 /finding.json  how it was found, and how to see it again (finding_record.h)
//
// The folder's name is what makes two findings the same one: the promise, what broke it, and where. So workers,
// campaigns that go on, and machines that share their findings agree on one folder without asking each other.
//
// Invariants:
//  1. A finding that Keep() or Replace() returned for stands in its files, whole, whatever is killed afterwards;
//  after a
//     crash of the system its scenario does, and the rest can be mended.
//  2. At no moment does another process see half a finding: a folder gets its name when it is complete, and its files
//     are replaced one by one, the record last. A record that says "not minimised" means that the rest may be either.
//  3. Of several processes that keep the same finding, the first wins.
//
// Any number of processes may call Keep(), Replace() and Load(); Open() is for the campaign's parent, before there
// are others.
#ifndef FUZZ_ENGINES_FINDING_STORE_H_
#define FUZZ_ENGINES_FINDING_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/scenario/scenario.h"
#include "lock/lock_type.h"

namespace rqfuzz {

struct Finding {
  std::string oracle;
  std::string cause;
  std::string message;
  std::string campaign;          // the command that found it, with its options; empty: not known
  std::uint64_t seed = 0;        // of that campaign
  std::uint64_t executions = 0;  // of all workers from the campaign's start until it was found
  double seconds = 0;            // likewise
  bool minimized = false;
  Scenario scenario;
};

class FindingStore {
 public:
  explicit FindingStore(std::string folder) : folder_(std::move(folder)) {}

  // Creates the folder if need be, and mends what a killed process or a full disk left: a finding whose folder had
  // no name yet gets it, what lacks its record or report will be minimised again, what has no scenario is set aside
  // under NAME.damaged. Returns a line about each finding that is not what it was. Errors: the folder cannot be
  // created or written.
  absl::StatusOr<std::vector<std::string>> Open() const;

  // Writes a finding that is not there yet; returns whether it was written. Its report is short.
  absl::StatusOr<bool> Keep(const Finding& finding) const;
  // Writes it in place of what stands there; `explanation`, lines for people, goes into its report.
  absl::Status Replace(const Finding& finding, std::string_view explanation) const;

  // All findings, in the order of their folders' names. Errors: one that cannot be read.
  absl::StatusOr<std::vector<Finding>> LoadAll() const;
  // Those in this lock and revision.
  absl::StatusOr<std::vector<Finding>> Load(const locks::LockType& type) const;

  // Where the finding's scenario is kept.
  std::string PathOf(const Finding& finding) const;

 private:
  std::string FolderOf(const Finding& finding) const;
  absl::StatusOr<bool> MoveIntoPlace(const std::string& from, const Finding& finding) const;
  absl::Status FinishOrRemove(const std::string& temporary) const;
  absl::StatusOr<std::string> Mend(const std::string& name) const;

  std::string folder_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_FINDING_STORE_H_
