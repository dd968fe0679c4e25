// What one input of an engine stands for: a scenario, and others that are played with it. An engine has costs of its
// own for each input (for an empty target, says `rqfuzz bench speed`, libFuzzer a third of a microsecond, AFL++ sixty)
// and a corpus that drifts to long executions, so each input carries several plays: every second one a scenario made
// afresh, the others the input's own with changes or with another schedule. Over three revisions and three seeds, 6 s
// each, this found as many causes as one play for each input, in 0.18 s in the median instead of 0.34 s; other
// schedules alone: fewer, and 0.36 s.
//
// Any of these further plays may have its schedule drawn (fuzz/scenario/draw_schedule.h). Inputs have no drawn
// schedules.
//
// Everything is a function of the bytes, of the lock and of the injectors that are requested: what is played, and how
// often. Each play is a scenario like any other, so what it shows is reported, replayed and made small without the
// input.
#ifndef FUZZ_ENGINES_INPUT_H_
#define FUZZ_ENGINES_INPUT_H_

#include <cstdint>
#include <span>

#include "absl/functional/function_ref.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// After its scenario, an input is played until further plays have made so many points, or so often.
struct InputBudget {
  std::uint64_t steps = 0;
  unsigned plays = 0;
};

// Enough that the shortest plays together take longer than what AFL++ does for an input on a quiet machine. Fewer would
// do as well for finding things: with 3,000 points or 64 plays, then 6,000 or 120, 10,000 or 200, these, and 32,000 or
// 640, campaigns in four revisions found as many causes, after as many executions in the median. More cost libFuzzer a
// seventh of its executions, because an input whose plays are long is played longer.
inline constexpr InputBudget kInputBudget{.steps = 16'000, .plays = 320};
// Under AFL++, which does hundreds of times as much for an input as libFuzzer. The plays of the other budget come first.
inline constexpr InputBudget kInputBudgetOfAfl{.steps = 32'000, .plays = 640};

// The longest play whose input may stay in a corpus: what takes longer is judged, but has no offspring, which would
// take the time of thousands of others.
inline constexpr std::uint64_t kCorpusStepsMax = 4'000;

struct Input {
  std::span<const std::uint8_t> bytes;
  const LockChoice* choice = nullptr;  // replaces lock and revision that the bytes name; null: does not
  Injectors requested{};               // what further plays may be given besides the default injectors
  InputBudget budget = kInputBudget;
};

// Replaces `scenario` by the one that the bytes stand for.
void DecodeInput(const Input& input, Scenario& scenario);

// Replaces `scenario`, as DecodeInput() made it, by what play `index` of the input plays; 0: the scenario itself.
void MakePlay(const Input& input, unsigned index, Scenario& scenario);

// Makes the input's plays in order; `look` is told each of them and its result, and returns whether to go on.
// `scenario` is room for them, reused so that nothing is allocated.
void PlayInput(const Input& input, Scenario& scenario,
               absl::FunctionRef<bool(const Scenario&, const PlayResult&)> look);

// The first of them that is a finding, or the input's own scenario.
Scenario ScenarioOf(const Input& input);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_INPUT_H_
