// What a campaign is to do, checked: its options with every name looked up and every folder there.
#ifndef FUZZ_ENGINES_CAMPAIGN_PLAN_H_
#define FUZZ_ENGINES_CAMPAIGN_PLAN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/engines/afl_worker.h"
#include "fuzz/engines/finding_minimizer.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

enum class Engine : std::uint8_t { kLibFuzzer, kAfl };

constexpr std::string_view EngineName(Engine engine) { return engine == Engine::kAfl ? "afl" : "libfuzzer"; }

// They exist and can be written.
struct CampaignFolders {
  std::string out;  // the folder that holds the others
  std::string findings;
  std::string corpus;
  std::string crashes;
  std::string logs;
  std::string afl;  // afl-fuzz's instances
};

struct CampaignPlan {
  LockChoice choice;
  KnownCauses upstream;  // by which findings are named
  KnownCauses known;
  CampaignFolders folders;
  std::string name;             // of this campaign among all others, in the names of afl-fuzz's instances
  std::vector<Engine> workers;  // 1 to kJobsMax
  AflPrograms afl;              // if there is a worker for them
  std::uint64_t seconds = 0;
  std::uint64_t seed = 0;
  bool strict = false;
  std::string with;                 // names of injectors that are used on request only, between commas
  Injectors requested;              // the same
  std::string command;              // as CampaignOptions::command
  Explain explain = nullptr;        // as CampaignOptions::explain
  std::function<void()> on_record;  // as in CampaignOptions

  unsigned jobs() const { return static_cast<unsigned>(workers.size()); }
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_PLAN_H_
