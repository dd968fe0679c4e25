#include "tests/find_bugs/strategy.h"

#include <algorithm>
#include <iterator>

#include "fuzz/check.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/repair.h"
#include "tests/find_bugs/uniform_scenario.h"

namespace rqfuzz {
namespace {

class Sparse final : public Strategy {
  using Strategy::Strategy;

  Scenario Choose(const Bug& bug, Random& random) const override {
    Scenario scenario = Generate(random, *bug.lock_type);
    bug.ApplyTo(scenario);
    return scenario;
  }
};

class Dense final : public Strategy {
  using Strategy::Strategy;

  Scenario Choose(const Bug& bug, Random& random) const override {
    Scenario scenario = Generate(random, *bug.lock_type);
    bug.ApplyTo(scenario);
    if (random.OneIn(2)) return scenario;
    constexpr unsigned kSwitchesMax = 40;
    for (std::uint64_t left = random.Between(1, kSwitchesMax); left > 0; --left) AddSwitch(scenario, random);
    Repair(scenario);
    KeepCallersRule(scenario);
    return scenario;
  }
};

// The generator's programs and faults without its switches, scheduled as `draw` says.
class Drawn final : public Strategy {
 public:
  Drawn(std::uint64_t seed, void (*draw)(Scenario&, Random&)) : Strategy(seed), draw_(draw) {}

 private:
  Scenario Choose(const Bug& bug, Random& random) const override {
    Scenario scenario = Generate(random, *bug.lock_type);
    bug.ApplyTo(scenario);
    draw_(scenario, random);
    return scenario;
  }

  void (*const draw_)(Scenario&, Random&);
};

template <ScheduleKind kKind>
void DrawOnly(Scenario& scenario, Random& random) {
  DrawScheduleOf(kKind, scenario, random);
}

class Uniform final : public Strategy {
  using Strategy::Strategy;

  Scenario Choose(const Bug& bug, Random& random) const override {
    Scenario scenario = UniformScenario(*bug.lock_type, random);
    bug.ApplyTo(scenario);
    return scenario;
  }
};

template <typename Kind>
std::unique_ptr<Strategy> Make(std::uint64_t seed) {
  return std::make_unique<Kind>(seed);
}

template <void (*kDraw)(Scenario&, Random&)>
std::unique_ptr<Strategy> MakeDrawn(std::uint64_t seed) {
  return std::make_unique<Drawn>(seed, kDraw);
}

struct NamedStrategy {
  std::string_view name;
  std::unique_ptr<Strategy> (*make)(std::uint64_t seed);
};

constexpr NamedStrategy kStrategies[] = {
    {"sparse", Make<Sparse>},
    {"dense", Make<Dense>},
    {"uniform-schedule", MakeDrawn<DrawOnly<ScheduleKind::kUniform>>},
    {"pct", MakeDrawn<DrawOnly<ScheduleKind::kPct>>},
    {"pos", MakeDrawn<DrawOnly<ScheduleKind::kPos>>},
    {"surw", MakeDrawn<DrawOnly<ScheduleKind::kSurw>>},
    {"mix", MakeDrawn<DrawSchedule>},
    {"uniform", Make<Uniform>},
};

}  // namespace

Verdict Strategy::Play(const Bug& bug, std::uint64_t number) const {
  Random random(start_ + number);
  return rqfuzz::Play(Choose(bug, random)).verdict;
}

std::vector<std::string> StrategyNames() {
  std::vector<std::string> names;
  for (const NamedStrategy& strategy : kStrategies) names.emplace_back(strategy.name);
  return names;
}

std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed) {
  const auto strategy = std::find_if(std::begin(kStrategies), std::end(kStrategies),
                                     [name](const NamedStrategy& row) { return row.name == name; });
  RQFUZZ_CHECK(strategy != std::end(kStrategies));
  return strategy->make(seed);
}

}  // namespace rqfuzz
