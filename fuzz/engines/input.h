// What one input of an engine stands for: a scenario, and other schedules of it. An engine has costs of its own for
// each input (libFuzzer about a microsecond, AFL++ twenty-five); so each carries several plays.
//
// Everything is a function of the bytes and of the lock: which schedules follow the scenario, and how many. Each of
// them is a scenario like any other, so what one of them shows is reported, replayed and made small without the input.
#ifndef FUZZ_ENGINES_INPUT_H_
#define FUZZ_ENGINES_INPUT_H_

#include <cstdint>
#include <span>

#include "absl/functional/function_ref.h"
#include "fuzz/engines/lock_choice.h"
#include "fuzz/engines/player.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// An input is played until its plays have made so many points, or so often. Measured: below this the engines' own
// cost shows, above it inputs that lead nowhere take the time of others (README.md of this folder).
inline constexpr std::uint64_t kInputSteps = 3'000;
inline constexpr unsigned kInputPlaysMax = 64;

struct Input {
  std::span<const std::uint8_t> bytes;
  const LockChoice* choice = nullptr;  // replaces lock and revision that the bytes name; null: does not
};

// Replaces `scenario` by the one that the bytes stand for.
void DecodeInput(const Input& input, Scenario& scenario);

// Replaces `scenario`, as DecodeInput() made it, by schedule `index` of the input; 0 is the scenario itself.
void MakeSchedule(const Input& input, unsigned index, Scenario& scenario);

// Plays the input's schedules in order; `look` is told each of them and its result, and returns whether to go on.
// `scenario` is room for them, reused so that nothing is allocated.
void PlayInput(const Input& input, Scenario& scenario,
               absl::FunctionRef<bool(const Scenario&, const PlayResult&)> look);

// The first schedule of the input that is a finding, or the scenario itself.
Scenario ScenarioOf(const Input& input);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_INPUT_H_
