// The scenarios that are timed: some CPUs that each take locks and release them, some times.
#ifndef TESTS_SPEED_SHAPE_H_
#define TESTS_SPEED_SHAPE_H_

#include <array>
#include <string>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Shape {
  unsigned cpus = 1;
  unsigned sections = 1;         // of each CPU
  unsigned locks = 1;            // held one inside the other in each section
  std::uint64_t section_ns = 0;  // work in the first CPU's sections; 0: none
};

// "2x1": two CPUs, one section each.
inline constexpr std::array<Shape, 3> kShapes = {Shape{2, 1}, Shape{4, 1}, Shape{4, 4}};
std::string ShapeName(const Shape& shape);

// On the newest revision of rqspinlock.
Scenario ScenarioOfShape(const Shape& shape);

}  // namespace rqfuzz

#endif  // TESTS_SPEED_SHAPE_H_
