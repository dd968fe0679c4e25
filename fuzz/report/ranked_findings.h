// The findings of a campaign in the order in which a person should look at them, and as a table.
#ifndef FUZZ_REPORT_RANKED_FINDINGS_H_
#define FUZZ_REPORT_RANKED_FINDINGS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/known_causes.h"

namespace rqfuzz {

struct RankedFinding {
  Finding finding;
  std::string path;  // of its scenario
  std::string bug;   // what corpus/upstream/ or corpus/discoveries/ call it; empty: nobody has seen it before
};

// New ones before those that have a name; then by the promise, the gravest first, which is the order of the oracles
// (fuzz/oracles/judge.cc); then by the size of the scenario, the smallest first; then by name.
std::vector<RankedFinding> Ranked(std::vector<Finding> findings, const FindingStore& store,
                                  const KnownCauses& upstream, const KnownCauses& discoveries);

// Those of a campaign, by the name of its folder. Errors: no folder findings/ in it, one that cannot be read, a
// catalogue that cannot be read.
absl::StatusOr<std::vector<RankedFinding>> RankedFindingsOf(const std::string& campaign);

// How much there is to read: CPUs, operations and faults.
struct ScenarioSize {
  unsigned cpus = 0;
  unsigned operations = 0;
  unsigned faults = 0;
};
ScenarioSize SizeOf(const Scenario& scenario);

// A line for each, columns aligned, below a heading; the path on a line of its own. Empty: "no findings".
std::string FindingsTable(std::span<const RankedFinding> findings);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_RANKED_FINDINGS_H_
