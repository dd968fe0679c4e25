// How the cost of an execution grows with what is in it.
#ifndef TESTS_SPEED_GROWTH_H_
#define TESTS_SPEED_GROWTH_H_

#include <string>
#include <vector>

#include "tests/speed/play_speed.h"

namespace rqfuzz {

struct GrowthRow {
  unsigned count = 0;  // of what grows
  PlaySpeed speed;
};

struct Growth {
  std::string what;  // "CPUs, contended"
  std::vector<GrowthRow> rows;
};

// By CPUs (1 to kCpusMax), by sections of each of two CPUs, by nested locks.
std::vector<Growth> MeasureGrowth(unsigned runs);

// A chart of the cost of a step, as SVG: a line that does not rise is linear growth or better.
std::string GrowthSvg(const std::vector<Growth>& growths);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_GROWTH_H_
