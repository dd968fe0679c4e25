// What an engine leaves of the speed of bare plays: the engine, the mutator and the decoder at work around plays of
// one fixed scenario, as many for each input as the fuzz target makes (fixed_target.h); and what the engine costs
// with nothing to play.
//
// Every run is a process of its own; times are its CPU time and that of all processes that it starts.
#ifndef TESTS_SPEED_ENGINE_SPEED_H_
#define TESTS_SPEED_ENGINE_SPEED_H_

#include "absl/status/statusor.h"
#include "tests/speed/shape.h"

namespace rqfuzz {

// Plays a second in one run. Errors: the engine cannot be run, or failed.
absl::StatusOr<double> PlaysOfLibFuzzer(const Shape& shape);
absl::StatusOr<double> PlaysOfAfl(const Shape& shape);

// Inputs a second on an empty target, with the engine's own mutator. Errors: likewise.
absl::StatusOr<double> EmptyInputsOfLibFuzzer();
absl::StatusOr<double> EmptyInputsOfAfl();

// Whether this build has targets for AFL++.
bool HasAflTargets();

}  // namespace rqfuzz

#endif  // TESTS_SPEED_ENGINE_SPEED_H_
