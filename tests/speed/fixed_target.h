// The fuzz target but for what is played: one fixed scenario, as often for each input as the fuzz target plays
// (fuzz/engines/input.h).
#ifndef TESTS_SPEED_FIXED_TARGET_H_
#define TESTS_SPEED_FIXED_TARGET_H_

#include <cstddef>
#include <cstdint>

#include "fuzz/engines/input.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Decodes an input and plays `scenario` instead; returns how often, which is the same each time.
unsigned PlayFixed(const std::uint8_t* data, std::size_t size, const Scenario& scenario, const InputBudget& budget);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_FIXED_TARGET_H_
