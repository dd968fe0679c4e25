// What a campaign found, for people and for programs.
#ifndef FUZZ_ENGINES_CAMPAIGN_RESULT_H_
#define FUZZ_ENGINES_CAMPAIGN_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/known_causes.h"

namespace rqfuzz {

struct CampaignResult {
  std::string lock;  // LockChoice::Name()
  std::uint64_t seed = 0;
  unsigned jobs = 0;
  std::uint64_t executions = 0;
  double seconds = 0;
  bool interrupted = false;
  std::vector<Finding> findings;      // that this campaign met, also if an earlier one with the same folder kept them
  std::vector<std::string> files;     // of the findings, in the same order
  std::vector<std::string> bugs;      // of the catalogue that they are; empty: it does not have that one
  std::vector<KnownCause> known;      // that it met
  std::vector<std::string> failures;  // of the tool itself: "worker 1 died: OUT/logs/worker-1.log"
  bool failed = false;                // the campaign could not do all of its work
};

// Several lines, the last one ended.
std::string SummaryOf(const CampaignResult& result);
// {"executions","seconds","findings":[{"oracle","cause","file","executions","seconds"}],
//  "known":[{"oracle","cause","file"}]}
std::string JsonOf(const CampaignResult& result);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_RESULT_H_
