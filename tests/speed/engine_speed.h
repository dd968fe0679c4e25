// What an engine leaves of the speed of bare plays: the engine, the mutator and the decoder at work around plays of
// one fixed scenario, as many for each input as the fuzz target makes (fuzz/engines/input.h).
#ifndef TESTS_SPEED_ENGINE_SPEED_H_
#define TESTS_SPEED_ENGINE_SPEED_H_

#include "absl/status/statusor.h"
#include "tests/speed/samples.h"
#include "tests/speed/shape.h"

namespace rqfuzz {

// Plays a second of CPU time under libFuzzer, in processes of their own. Errors: one of them failed.
absl::StatusOr<Samples> MeasureLibFuzzer(const Shape& shape, unsigned runs);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_ENGINE_SPEED_H_
