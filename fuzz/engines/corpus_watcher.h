// A process of a campaign that looks at what its workers add to the corpus: it measures what the corpus reaches, the
// same way whichever engine found it, off the workers' path and out of the parent's reach should an input crash the
// tool.
#ifndef FUZZ_ENGINES_CORPUS_WATCHER_H_
#define FUZZ_ENGINES_CORPUS_WATCHER_H_

#include <string>

#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/lock_choice.h"

namespace rqfuzz {

struct WatcherTask {
  std::string corpus;  // folder
  const LockChoice* choice = nullptr;
  CampaignStats* stats = nullptr;
};

// Looks until the process is killed. Call it in a process of its own.
[[noreturn]] void RunCorpusWatcher(const WatcherTask& task);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CORPUS_WATCHER_H_
