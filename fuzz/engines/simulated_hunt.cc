#include "fuzz/engines/simulated_hunt.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "fuzz/engines/known_causes.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {
namespace {

struct Sighting {
  std::uint64_t executions = 0;
  double seconds = 0;
};

}  // namespace

absl::StatusOr<std::vector<HuntedBug>> HuntInSimulation(const locks::LockType& type, unsigned seeds, double limit_s) {
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!upstream.ok()) return upstream.status();
  const absl::StatusOr<KnownCauses> discoveries = KnownCauses::Load();
  if (!discoveries.ok()) return discoveries.status();
  std::map<std::string, std::vector<Sighting>> sightings;
  for (const KnownCauses* causes : {&*upstream, &*discoveries}) {
    for (const KnownCause& known : causes->all()) {
      const std::string name = causes->NameOf(type, known.oracle, known.cause);
      if (!name.empty()) sightings[name];
    }
  }
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    const auto start = std::chrono::steady_clock::now();
    Random random(seed);
    Sighting now;
    std::set<std::string> missing;
    for (const auto& [name, seen] : sightings) missing.insert(name);
    while (!missing.empty() && now.seconds < limit_s) {
      ++now.executions;
      const Verdict verdict = Play(Generate(random, type)).verdict;
      now.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (verdict.kind != VerdictKind::kFinding) continue;
      for (const KnownCauses* causes : {&*upstream, &*discoveries}) {
        const std::string name = causes->NameOf(type, verdict.oracle, verdict.cause);
        if (missing.erase(name) != 0) sightings[name].push_back(now);
      }
    }
  }
  std::vector<HuntedBug> bugs;
  for (auto& [name, seen] : sightings) {
    HuntedBug bug{.name = name, .seeds_found = static_cast<unsigned>(seen.size())};
    std::sort(seen.begin(), seen.end(), [](const Sighting& a, const Sighting& b) { return a.seconds < b.seconds; });
    if (!seen.empty()) {
      bug.executions_median = seen[(seen.size() - 1) / 2].executions;
      bug.seconds_median = seen[(seen.size() - 1) / 2].seconds;
    }
    bugs.push_back(std::move(bug));
  }
  return bugs;
}

}  // namespace rqfuzz
