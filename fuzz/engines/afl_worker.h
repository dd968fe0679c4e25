// A process of a campaign that fuzzes with AFL++: afl-fuzz around the fuzz target's build for it, which keeps
// findings in the store as a libFuzzer worker does (campaign_sink.h).
//
// Each instance has a folder AFL/NAME of its own, laid out as afl-fuzz wants it. Names are unique among all
// campaigns, so folders of other hosts can be copied beside them: afl-fuzz then takes over what stands there.
#ifndef FUZZ_ENGINES_AFL_WORKER_H_
#define FUZZ_ENGINES_AFL_WORKER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/play/lock_choice.h"

namespace rqfuzz {

// What AFL++ needs besides its own programs: the fuzz target and the mutator, which are built with rqfuzz.
struct AflPrograms {
  std::string fuzzer;  // path of afl-fuzz
  std::string target;
  std::string mutator;

  // Errors: one of them is missing; the message says how to get it.
  static absl::StatusOr<AflPrograms> Find();
};

struct AflTask {
  unsigned index = 0;             // which WorkerStats is its own
  bool is_main = false;           // the one instance that also reads what libFuzzer adds to the corpus
  std::uint32_t fuzzer_seed = 1;  // afl-fuzz's
  std::string name;               // of the instance
  std::string folder;             // AFL
  std::string corpus;             // folder with at least one file
  std::string findings;           // folder
  const AflPrograms* programs = nullptr;
  std::string command;  // of the campaign, for the record
  std::string with;  // names of injectors that are used on request only, between commas
  const LockChoice* choice = nullptr;
  const CampaignStats* stats = nullptr;
};

// Becomes afl-fuzz, which fuzzes until SIGTERM ends it. Call it in a process of its own.
[[noreturn]] void RunAflWorker(const AflTask& task);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_AFL_WORKER_H_
