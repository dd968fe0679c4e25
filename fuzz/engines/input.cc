#include "fuzz/engines/input.h"

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {
namespace {

// FNV-1a.
std::uint64_t Hash(std::span<const std::uint8_t> bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

void MakePlay(std::uint64_t seed, unsigned index, const Injectors& requested, Scenario& scenario) {
  if (index == 0) return;
  Random random(seed + index);
  switch (DrawWeighted({2, 1, 1}, random)) {
    case 0:
      scenario = Generate(random, *scenario.lock_type, DrawInjectors(requested, random));
      break;
    case 1:
      Mutate(scenario, random, DefaultInjectors() | requested);
      break;
    case 2:
      VarySchedule(scenario, random);
      break;
  }
  DrawSchedule(scenario, random);
}

}  // namespace

void DecodeInput(const Input& input, Scenario& scenario) {
  Decode(input.bytes, scenario);
  if (input.choice != nullptr) input.choice->ApplyTo(scenario);
}

void MakePlay(const Input& input, unsigned index, Scenario& scenario) {
  MakePlay(Hash(input.bytes), index, input.requested, scenario);
}

void PlayInput(const Input& input, Scenario& scenario,
               absl::FunctionRef<bool(const Scenario&, const PlayResult&)> look) {
  const std::uint64_t seed = Hash(input.bytes);
  std::uint64_t steps = 0;
  for (unsigned index = 0; index < input.budget.plays && steps < input.budget.steps; ++index) {
    DecodeInput(input, scenario);
    MakePlay(seed, index, input.requested, scenario);
    const PlayResult result = Play(scenario);
    if (!look(scenario, result)) return;
    if (index != 0) steps += result.steps;
  }
}

Scenario ScenarioOf(const Input& input) {
  Scenario scenario;
  Scenario found;
  DecodeInput(input, found);
  // Whichever engine it comes from.
  Input played_longest = input;
  played_longest.budget = kInputBudgetOfAfl;
  PlayInput(played_longest, scenario, [&found](const Scenario& played, const PlayResult& result) {
    const bool is_finding = result.verdict.kind == VerdictKind::kFinding;
    if (is_finding) found = played;
    return !is_finding;
  });
  return found;
}

}  // namespace rqfuzz
