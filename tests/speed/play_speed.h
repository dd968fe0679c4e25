// What whole executions cost, oracles included, without an engine around them.
#ifndef TESTS_SPEED_PLAY_SPEED_H_
#define TESTS_SPEED_PLAY_SPEED_H_

#include <cstdint>

#include "tests/speed/samples.h"
#include "tests/speed/shape.h"

namespace rqfuzz {

struct PlaySpeed {
  std::uint64_t steps = 0;
  Samples ns;  // of one execution
};

PlaySpeed MeasurePlay(const Shape& shape, unsigned runs);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_PLAY_SPEED_H_
