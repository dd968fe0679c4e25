#include "tests/find_bugs/strategy.h"

#include <algorithm>

#include "fuzz/check.h"
#include "fuzz/engines/player.h"
#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/repair.h"

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

class Uniform final : public Strategy, private ScheduleChooser {
 public:
  explicit Uniform(std::uint64_t seed) : random_(seed) {}

  Verdict PlayNext(const Bug& bug) override {
    Scenario scenario = Generate(random_, *bug.lock_type);
    bug.ApplyTo(scenario);
    // No interrupt's number changes: switches have no handlers.
    const auto switches = std::remove_if(scenario.faults.begin(), scenario.faults.end(),
                                         [](const Fault& fault) { return fault.kind == FaultKind::kSwitch; });
    scenario.faults.erase(switches, scenario.faults.end());
    return Play(scenario, *this).verdict;
  }

 private:
  unsigned NextCpu(unsigned cpu_count) override { return static_cast<unsigned>(random_.Below(cpu_count)); }

  Random random_;
};

}  // namespace

std::vector<std::string> StrategyNames() { return {"sparse", "dense", "uniform"}; }

std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed) {
  if (name == "sparse") return std::make_unique<Sparse>(seed);
  if (name == "dense") return std::make_unique<Dense>(seed);
  RQFUZZ_CHECK(name == "uniform");
  return std::make_unique<Uniform>(seed);
}

}  // namespace rqfuzz
