// A campaign: several processes that look for findings in one lock and revision, and one that watches them.
//
// Invariants:
//  1. Nothing is lost: each finding and each corpus file stands on disk when it counts, whatever is killed and when.
//  2. No process outlives the campaign's parent.
//  3. Starting again with the same output folder goes on where the last campaign ended.
//  4. All workers share one corpus and one store of findings, whichever engine they are.
#ifndef FUZZ_ENGINES_CAMPAIGN_H_
#define FUZZ_ENGINES_CAMPAIGN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/engines/exit_status.h"

namespace rqfuzz {

struct CampaignOptions {
  std::string lock;                  // empty: rqspinlock
  std::string revision;              // empty: the newest
  std::string engine = "libfuzzer";  // or "afl" or "both"
  std::uint64_t seconds = 60;
  unsigned jobs = 0;                  // 0: one for each core
  std::string corpus;                 // folder with seeds, only read; empty: none
  std::string out = "rqfuzz-out";     // folder for all that is written: findings/ corpus/ crashes/ logs/
  std::optional<std::uint64_t> seed;  // none: another one each time
  std::string json;                   // file for the result; empty: none
  std::string with;                   // injectors that are used on request only, between commas
  bool strict = false;                // known causes count as findings
};

inline constexpr std::string_view kEngineChoices[] = {"libfuzzer", "afl", "both"};

// Runs until the time is over or SIGINT or SIGTERM arrives, and prints a summary. Errors, in one line on stderr,
// before any work: unknown lock or revision, an engine that is not installed, unreadable seeds, an output folder that
// cannot be created or written, is in use by another campaign, or has no room. Call it once, before the process
// starts threads.
ExitStatus RunCampaign(const CampaignOptions& options);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_H_
