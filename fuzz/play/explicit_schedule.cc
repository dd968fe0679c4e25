#include "fuzz/play/explicit_schedule.h"

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

std::uint32_t KeyOf(const Moment& moment) {
  return static_cast<std::uint32_t>(moment.program) << 24 | static_cast<std::uint32_t>(moment.operation) << 16 |
         moment.access;
}

// Of the choices at each moment, those up to the last one that made a difference. The others before it stay: switches
// at one moment are taken in turn.
std::vector<Choice> ChoicesThatMatter(const std::vector<Choice>& choices) {
  absl::flat_hash_map<std::uint32_t, std::size_t> last;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (!choices[i].is_default) last[KeyOf(choices[i].moment)] = i;
  }
  std::vector<Choice> matter;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const auto found = last.find(KeyOf(choices[i].moment));
    if (found != last.end() && i <= found->second) matter.push_back(choices[i]);
  }
  return matter;
}

}  // namespace

Scenario WithExplicitSchedule(const Scenario& scenario) {
  std::vector<Choice> choices;
  PlayRecordingChoices(scenario, choices);
  Scenario written = scenario;
  written.schedule = {};
  for (const Choice& choice : ChoicesThatMatter(choices)) {
    if (written.faults.size() == kFaultsMax) break;
    written.faults.push_back({.kind = FaultKind::kSwitch, .moment = choice.moment, .target_cpu = choice.cpu});
  }
  return written;
}

}  // namespace rqfuzz
