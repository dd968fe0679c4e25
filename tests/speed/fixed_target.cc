#include "tests/speed/fixed_target.h"

#include "fuzz/play/player.h"

namespace rqfuzz {

unsigned PlayFixed(const std::uint8_t* data, std::size_t size, const Scenario& scenario,
                   const InputBudget& budget) {
  static Scenario decoded;
  DecodeInput({.bytes = {data, size}}, decoded);
  std::uint64_t steps = 0;
  unsigned plays = 0;
  for (; plays < budget.plays && steps < budget.steps; ++plays) {
    const PlayResult result = Play(scenario);
    if (plays != 0) steps += result.steps;
  }
  return plays;
}

}  // namespace rqfuzz
