#include "tests/speed/shape.h"

#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {

std::string ShapeName(const Shape& shape) { return absl::StrCat(shape.cpus, "x", shape.sections); }

Scenario ScenarioOfShape(const Shape& shape) {
  Scenario scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  scenario.cpu_count = static_cast<std::uint8_t>(shape.cpus);
  scenario.lock_count = static_cast<std::uint8_t>(shape.locks);
  for (unsigned cpu = 0; cpu < shape.cpus; ++cpu) {
    Program& program = scenario.programs[cpu];
    for (unsigned section = 0; section < shape.sections; ++section) {
      for (unsigned lock = 0; lock < shape.locks; ++lock) {
        program.push_back({.kind = OperationKind::kAcquire, .lock = static_cast<std::uint8_t>(lock)});
      }
      if (cpu == 0 && shape.section_ns != 0) program.push_back({.duration_ns = shape.section_ns});
      for (unsigned lock = shape.locks; lock > 0; --lock) {
        program.push_back({.kind = OperationKind::kRelease, .lock = static_cast<std::uint8_t>(lock - 1)});
      }
    }
  }
  RQFUZZ_CHECK(Validate(scenario).ok());
  return scenario;
}

}  // namespace rqfuzz
