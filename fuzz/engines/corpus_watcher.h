// A process of a campaign that looks after the corpus: it brings there what AFL++ found, for libFuzzer to read, and
// measures what the corpus reaches, the same way whichever engine found it. That is off the workers' path, and an
// input that crashes the tool does not take the parent with it.
#ifndef FUZZ_ENGINES_CORPUS_WATCHER_H_
#define FUZZ_ENGINES_CORPUS_WATCHER_H_

#include "fuzz/engines/campaign_plan.h"
#include "fuzz/engines/campaign_stats.h"

namespace rqfuzz {

struct WatcherTask {
  const CampaignPlan* plan = nullptr;
  CampaignStats* stats = nullptr;
};

// Looks until the process is killed. Call it in a process of its own.
[[noreturn]] void RunCorpusWatcher(const WatcherTask& task);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CORPUS_WATCHER_H_
