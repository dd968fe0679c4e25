// rqfuzz_speed_afl: the target that rqfuzz_speed runs under AFL++. RQFUZZ_SPEED_PLAY says what it plays: "4x1".
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "fuzz/check.h"
#include "fuzz/engines/coverage.h"
#include "tests/speed/fixed_target.h"
#include "tests/speed/shape.h"

namespace rqfuzz {
namespace {

Scenario ScenarioOfEnvironment() {
  const char* const name = std::getenv("RQFUZZ_SPEED_PLAY");
  RQFUZZ_CHECK(name != nullptr);
  const auto* const shape =
      std::find_if(kShapes.begin(), kShapes.end(), [name](const Shape& known) { return ShapeName(known) == name; });
  RQFUZZ_CHECK(shape != kShapes.end());
  return ScenarioOfShape(*shape);
}

}  // namespace
}  // namespace rqfuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rqfuzz::Scenario scenario = rqfuzz::ScenarioOfEnvironment();
  rqfuzz::ExtraCounters()[0] = 1;
  rqfuzz::PlayFixed(data, size, scenario, rqfuzz::kInputBudgetOfAfl);
  rqfuzz::PublishCoverage();
  return 0;
}
