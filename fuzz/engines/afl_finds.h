// What afl-fuzz's instances of a campaign have in their folders, and the way from there into the campaign's own:
// inputs that reach something new go to the corpus that all workers share, inputs that made the target crash or hang
// to the folder of crashes. Only a whole file counts, and a copy bears the name that libFuzzer would give it, so
// nothing stands there twice.
//
// Folders of instances of other campaigns beside them are left alone.
#ifndef FUZZ_ENGINES_AFL_FINDS_H_
#define FUZZ_ENGINES_AFL_FINDS_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rqfuzz {

// The name of an instance: another one each time that a worker is started again after `deaths` deaths, because
// afl-fuzz starts in a new folder only.
std::string AflInstanceName(const std::string& campaign, unsigned worker, unsigned deaths);

class AflFinds {
 public:
  // `folder`: afl-fuzz's -o; it need not be there.
  AflFinds(std::string folder, std::string campaign, std::string corpus, std::string crashes);

  // Copies what came since the last call; returns how many inputs crashed or hung. Errors: a folder cannot be
  // written.
  absl::StatusOr<unsigned> Collect();

  // Removes the instances' folders. REQUIRES: none of them runs, and Collect() was successful.
  void RemoveInstances() const;

 private:
  absl::StatusOr<unsigned> CollectFrom(const std::string& folder, const std::string& into, const char* prefix);

  std::string folder_;
  std::string campaign_;
  std::string corpus_;
  std::string crashes_;
  absl::flat_hash_set<std::string> seen_;  // paths
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_AFL_FINDS_H_
