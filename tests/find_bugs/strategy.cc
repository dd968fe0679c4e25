#include "tests/find_bugs/strategy.h"

#include <algorithm>

#include "fuzz/check.h"
#include "fuzz/engines/player.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"

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

std::vector<std::string> StrategyNames() { return {"sparse", "uniform"}; }

std::unique_ptr<Strategy> MakeStrategy(std::string_view name, std::uint64_t seed) {
  if (name == "sparse") return std::make_unique<Sparse>(seed);
  RQFUZZ_CHECK(name == "uniform");
  return std::make_unique<Uniform>(seed);
}

}  // namespace rqfuzz
