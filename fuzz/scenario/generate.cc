#include <algorithm>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/durations.h"
#include "fuzz/scenario/edit.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kShort_ns = 900 * kMicrosecond_ns;

void DrawCpuPrograms(Scenario& scenario, const Injectors& injectors, Random& random) {
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    Program& program = scenario.programs[cpu];
    if (cpu == 0 || random.OneIn(2)) {
      program = DrawProgram(scenario.lock_count, random);
      continue;
    }
    program = scenario.programs[random.Below(cpu)];
    if (scenario.lock_count > 1 && random.OneIn(2)) ExchangeLocks(program, scenario.lock_count, random);
  }
  if (Has(injectors, Injector::kTableOverflow) && random.OneIn(32)) {
    scenario.programs[random.Below(scenario.cpu_count)] = DrawDeepProgram(scenario, random);
  }
}

void DrawPrograms(Scenario& scenario, const Injectors& injectors, Random& random) {
  if (Has(injectors, Injector::kNodeExhaustion) && random.OneIn(48)) {
    DrawNodeExhaustion(scenario, random);
  } else if (random.OneIn(6)) {
    DrawWorkload(scenario, injectors, random);
  } else {
    DrawCpuPrograms(scenario, injectors, random);
  }
}

void ShortenWork(Scenario& scenario) {
  for (Program& program : scenario.programs) {
    for (Operation& operation : program) operation.duration_ns = std::min(operation.duration_ns, kShort_ns);
  }
}

// How often each thing is done while its injector is on.
struct Rare {
  Injector injector;
  unsigned one_in;
  bool (*add)(Scenario&, Random&);
};

constexpr Rare kRare[] = {
    {Injector::kTask, 8, AddTask},
    {Injector::kSteal, 3, AddSteal},
    {Injector::kReschedule, 2, AddReschedule},
    {Injector::kOffline, 12, AddOffline},
    {Injector::kClockJump, 12, AddClockJump},
    {Injector::kStuckOwner, 8, KeepLock},
    {Injector::kClock, 8, ChangeClock},
    {Injector::kSlowCpu, 12, ChangeSpeed},
    {Injector::kMisuse, 2, AddMisuse},
    {Injector::kSpuriousFailure, 2, AddSpuriousFailure},
    {Injector::kCorruption, 2, AddCorruption},
};

}  // namespace

Scenario Generate(Random& random, const locks::LockType& type) {
  return Generate(random, type, DrawInjectors({}, random));
}

Scenario Generate(Random& random, const locks::LockType& type, const Injectors& injectors) {
  Scenario scenario;
  scenario.lock_type = DrawBuild(type, random);
  scenario.virtual_machine = DrawVirtualMachine(type, random);
  scenario.cpu_count = static_cast<std::uint8_t>(1 + DrawWeighted({6, 14, 20, 20, 2, 1, 1, 1}, random));
  scenario.lock_count = static_cast<std::uint8_t>(1 + DrawWeighted({4, 8, 2, 1}, random));
  DrawPrograms(scenario, injectors, random);
  // Before moments are drawn that lie within it; once more below, for handlers.
  if (!Has(injectors, Injector::kLongSection)) ShortenWork(scenario);
  const unsigned interrupts = DrawWeighted({4, 8, 5, 2, 1}, random);
  for (unsigned i = 0; i < interrupts; ++i) AddInterrupt(scenario, random, injectors);
  if (Has(injectors, Injector::kProgram)) {
    if (random.OneIn(4)) AddTracingProgram(scenario, random);
    if (random.OneIn(8)) AddTracingProgram(scenario, random);
  }
  if (Has(injectors, Injector::kStorm) && random.OneIn(10)) AddStorm(scenario, random, injectors);
  Repair(scenario);
  const unsigned switches = DrawWeighted({6, 3, 3, 2, 1, 1, 1}, random);
  for (unsigned i = 0; i < switches; ++i) AddSwitch(scenario, random);
  for (const Rare& rare : kRare) {
    if (Has(injectors, rare.injector) && random.OneIn(rare.one_in)) rare.add(scenario, random);
  }
  if (!Has(injectors, Injector::kLongSection)) ShortenWork(scenario);
  Repair(scenario);
  KeepCallersRule(scenario);
  return scenario;
}

}  // namespace rqfuzz
