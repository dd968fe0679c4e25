// A process of a campaign that fuzzes: libFuzzer around the fuzz target, with findings kept in the store.
#ifndef FUZZ_ENGINES_WORKER_H_
#define FUZZ_ENGINES_WORKER_H_

#include <cstdint>
#include <string>

#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// Longest that one execution may take on the host's clock before it counts as a fault of the tool.
inline constexpr int kExecutionLimit_s = 30;

struct WorkerTask {
  unsigned index = 0;             // which WorkerStats is its own
  std::string command;            // of the campaign, for the record
  std::uint32_t fuzzer_seed = 1;  // libFuzzer's; not 0
  bool shares_corpus = false;     // look for what other workers add to the corpus
  std::string corpus;             // folder
  std::string crashes;            // folder for inputs that crash the worker
  const LockChoice* choice = nullptr;
  Injectors requested;  // besides the default ones
  const KnownCauses* known = nullptr;
  const FindingStore* store = nullptr;
  CampaignStats* stats = nullptr;
};

// Fuzzes until SIGTERM ends the process; that it ends in another way means that something went wrong. libFuzzer's
// output goes to stderr. Call it in a process of its own.
[[noreturn]] void RunWorker(const WorkerTask& task);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_WORKER_H_
