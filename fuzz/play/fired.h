// What went wrong in an execution, and how far the lock came in it: what the injectors are measured by.
#ifndef FUZZ_PLAY_FIRED_H_
#define FUZZ_PLAY_FIRED_H_

#include <bitset>
#include <span>

#include "fuzz/machine/event.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// The injectors of which something happened: an interrupt that came, a steal that took place, a section that lasted
// for 1 ms. Settings of the clock count when a wait has read it.
Injectors FiredIn(const Scenario& scenario, std::span<const Event> events);

// Abstract states of a lock: locked, pending, tail there or not; by what context came to it; how many locks its CPU
// held or attempted.
inline constexpr unsigned kContextKinds = 5;
inline constexpr unsigned kTableDepths = 6;  // none, 1, 2, up to 8, up to 31, more
inline constexpr unsigned kLockStates = 8 * kContextKinds * kTableDepths;
using LockStates = std::bitset<kLockStates>;

// Those to which some write of a lock word led.
LockStates StatesIn(const Scenario& scenario, std::span<const Event> events);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_FIRED_H_
