#include "tests/speed/play_speed.h"

#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kStepsOfRun = 2'000'000;  // so that each run takes some tens of milliseconds

}  // namespace

PlaySpeed MeasurePlay(const Shape& shape, unsigned runs) {
  const Scenario scenario = ScenarioOfShape(shape);
  PlaySpeed speed;
  speed.steps = Play(scenario).steps;
  RQFUZZ_CHECK(speed.steps > 0);
  const std::uint64_t plays = kStepsOfRun / speed.steps + 1;
  for (unsigned run = 0; run < runs; ++run) {
    const double run_ns = CpuTimeNs([&] {
      for (std::uint64_t i = 0; i < plays; ++i) Play(scenario);
    });
    speed.ns.Add(run_ns / static_cast<double>(plays));
  }
  return speed;
}

}  // namespace rqfuzz
