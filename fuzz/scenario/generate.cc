#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/edit.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

void DrawCpuPrograms(Scenario& scenario, Random& random) {
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    Program& program = scenario.programs[cpu];
    if (cpu == 0 || !random.OneIn(4)) {
      program = DrawProgram(scenario.lock_count, random);
      continue;
    }
    program = scenario.programs[random.Below(cpu)];
    if (scenario.lock_count > 1 && random.OneIn(2)) ExchangeLocks(program, scenario.lock_count, random);
  }
  if (random.OneIn(64)) scenario.programs[random.Below(scenario.cpu_count)] = DrawDeepProgram(scenario, random);
}

}  // namespace

Scenario Generate(Random& random, const locks::LockType& type) {
  Scenario scenario;
  scenario.lock_type = DrawBuild(type, random);
  scenario.virtual_machine = DrawVirtualMachine(type, random);
  scenario.cpu_count = static_cast<std::uint8_t>(1 + DrawWeighted({12, 20, 16, 12, 1, 1, 1, 1}, random));
  scenario.lock_count = static_cast<std::uint8_t>(1 + DrawWeighted({6, 6, 2, 1}, random));
  DrawCpuPrograms(scenario, random);
  const unsigned interrupts = DrawWeighted({4, 8, 5, 2, 1}, random);
  for (unsigned i = 0; i < interrupts; ++i) AddInterrupt(scenario, random);
  if (random.OneIn(8)) AddTracingProgram(scenario, random);
  if (random.OneIn(16)) AddTracingProgram(scenario, random);
  if (random.OneIn(24)) AddStorm(scenario, random);
  Repair(scenario);
  const unsigned switches = DrawWeighted({6, 3, 3, 2, 1, 1, 1}, random);
  for (unsigned i = 0; i < switches; ++i) AddSwitch(scenario, random);
  if (random.OneIn(10)) AddSteal(scenario, random);
  if (random.OneIn(8)) AddReschedule(scenario, random);
  if (random.OneIn(24)) AddOffline(scenario, random);
  if (random.OneIn(24)) AddClockJump(scenario, random);
  if (random.OneIn(16)) KeepLock(scenario, random);
  if (random.OneIn(12)) ChangeTimeSettings(scenario, random);
  Repair(scenario);
  KeepCallersRule(scenario);
  return scenario;
}

}  // namespace rqfuzz
