#include "tests/find_bugs/strategy.h"

#include <algorithm>
#include <iterator>

#include "fuzz/check.h"
#include "fuzz/engines/player.h"
#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/repair.h"
#include "tests/find_bugs/uniform_scenario.h"

namespace rqfuzz {
namespace {

class Sparse final : public Strategy {
 public:
  explicit Sparse(std::uint64_t seed) : random_(seed) {}

  Verdict PlayNext(const Bug& bug) override {
    Scenario scenario = Generate(random_, *bug.lock_type);
    bug.ApplyTo(scenario);
    return Play(scenario).verdict;
  }

 private:
  Random random_;
};

class Dense final : public Strategy {
 public:
  explicit Dense(std::uint64_t seed) : random_(seed) {}

  Verdict PlayNext(const Bug& bug) override {
    Scenario scenario = Generate(random_, *bug.lock_type);
    bug.ApplyTo(scenario);
    if (random_.OneIn(2)) return Play(scenario).verdict;
    constexpr unsigned kSwitchesMax = 40;
    for (std::uint64_t left = random_.Between(1, kSwitchesMax); left > 0; --left) AddSwitch(scenario, random_);
    Repair(scenario);
    KeepCallersRule(scenario);
    return Play(scenario).verdict;
  }

 private:
  Random random_;
};

// The generator's programs and faults without its switches, scheduled as `draw` says.
class Drawn final : public Strategy {
 public:
  Drawn(std::uint64_t seed, Schedule (*draw)(Random&)) : random_(seed), draw_(draw) {}

  Verdict PlayNext(const Bug& bug) override {
    Scenario scenario = Generate(random_, *bug.lock_type);
    bug.ApplyTo(scenario);
    scenario.schedule = draw_(random_);
    if (scenario.schedule.kind != ScheduleKind::kSwitches) {
      // No interrupt's number changes: switches have no handlers.
      const auto switches = std::remove_if(scenario.faults.begin(), scenario.faults.end(),
                                           [](const Fault& fault) { return fault.kind == FaultKind::kSwitch; });
      scenario.faults.erase(switches, scenario.faults.end());
    }
    return Play(scenario).verdict;
  }

 private:
  Random random_;
  Schedule (*draw_)(Random&);
};

template <ScheduleKind kKind>
Schedule DrawOnly(Random& random) {
  return DrawScheduleOf(kKind, random);
}

class Uniform final : public Strategy {
 public:
  explicit Uniform(std::uint64_t seed) : random_(seed) {}

  Verdict PlayNext(const Bug& bug) override {
    Scenario scenario = UniformScenario(*bug.lock_type, random_);
    bug.ApplyTo(scenario);
    return Play(scenario).verdict;
  }

 private:
  Random random_;
};

template <typename Kind>
std::unique_ptr<Strategy> Make(std::uint64_t seed) {
  return std::make_unique<Kind>(seed);
}

template <Schedule (*kDraw)(Random&)>
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
