// What a campaign is to do, checked: its options with every name looked up and every folder there.
#ifndef FUZZ_ENGINES_CAMPAIGN_PLAN_H_
#define FUZZ_ENGINES_CAMPAIGN_PLAN_H_

#include <cstdint>
#include <string>

#include "fuzz/engines/known_causes.h"
#include "fuzz/engines/lock_choice.h"

namespace rqfuzz {

// They exist and can be written.
struct CampaignFolders {
  std::string findings;
  std::string corpus;
  std::string crashes;
  std::string logs;
};

struct CampaignPlan {
  LockChoice choice;
  KnownCauses upstream;  // by which findings are named
  KnownCauses known;
  CampaignFolders folders;
  std::string journal;  // file: progress_journal.h
  std::uint64_t seconds = 0;
  unsigned jobs = 0;  // 1 to kJobsMax
  std::uint64_t seed = 0;
  bool strict = false;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_PLAN_H_
