#include "tests/find_bugs/uniform_scenario.h"

#include <iterator>

#include "fuzz/scenario/draw_schedule.h"
#include "fuzz/scenario/durations.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

constexpr unsigned kLocksOfBaselineMax = 4;

std::uint8_t Draw(std::uint64_t low, std::uint64_t high, Random& random) {
  return static_cast<std::uint8_t>(random.Between(low, high));
}

std::uint64_t Duration_ns(Random& random) { return random.Between(0, kSecond_ns); }

const locks::LockType* AnyBuild(const locks::LockType& type, Random& random) {
  const locks::LockType* drawn = &type;
  unsigned seen = 0;
  for (const locks::LockType& row : locks::AllLockTypes()) {
    // Where the clock is read once in 65,536 turns, one timeout would take the time of thousands of executions.
    if (row.name != type.name || row.revision != type.revision || row.spins_per_check > 1000) continue;
    if (random.OneIn(++seen)) drawn = &row;
  }
  return drawn;
}

// Releases that have nothing to release are dropped, and those that are missing are added, by Repair().
Program AnyProgram(unsigned operations, unsigned lock_count, Random& random) {
  Program program;
  for (unsigned i = 0; i < operations; ++i) {
    Operation operation{.kind = static_cast<OperationKind>(random.Below(3))};
    if (operation.kind == OperationKind::kWork) operation.duration_ns = Duration_ns(random);
    if (operation.kind == OperationKind::kAcquire) {
      operation.lock = static_cast<std::uint8_t>(random.Below(lock_count));
      operation.entry_point = static_cast<EntryPoint>(random.Below(4));
      operation.retries = Draw(0, 3, random);
    }
    program.push_back(operation);
  }
  return program;
}

Moment AnyMoment(const Scenario& scenario, Random& random) {
  return {.program = static_cast<std::uint8_t>(random.Below(scenario.cpu_count)),
          .operation = Draw(0, 255, random),  // Repair() takes the remainder
          .access = Draw(1, 64, random)};
}

void AddAnyInterrupt(Scenario& scenario, Random& random) {
  constexpr FaultKind kKinds[] = {FaultKind::kNmi, FaultKind::kHardirq, FaultKind::kSoftirq};
  scenario.programs[kCpusMax + HandlerCount(scenario)] = AnyProgram(Draw(1, 4, random), scenario.lock_count, random);
  scenario.faults.push_back({.kind = kKinds[random.Below(std::size(kKinds))], .moment = AnyMoment(scenario, random)});
}

void AddAnyOtherFault(Scenario& scenario, Random& random) {
  constexpr FaultKind kKinds[] = {FaultKind::kSteal, FaultKind::kReschedule, FaultKind::kOffline,
                                  FaultKind::kClockJump, FaultKind::kProgram};
  Fault fault{.kind = kKinds[random.Below(std::size(kKinds))], .moment = AnyMoment(scenario, random)};
  if (HasDuration(fault.kind)) fault.duration_ns = Duration_ns(random);
  if (HasHandler(fault.kind)) {
    fault.moment = {.kind = random.OneIn(2) ? MomentKind::kContentionBegin : MomentKind::kContentionEnd};
    scenario.programs[kCpusMax + HandlerCount(scenario)] =
        AnyProgram(Draw(1, 4, random), scenario.lock_count, random);
  }
  scenario.faults.push_back(fault);
}

}  // namespace

Scenario UniformScenario(const locks::LockType& type, Random& random) {
  Scenario scenario;
  scenario.lock_type = AnyBuild(type, random);
  scenario.virtual_machine = type.has_test_and_set_path && random.OneIn(2);
  scenario.cpu_count = Draw(1, kCpusMax, random);
  scenario.lock_count = Draw(1, kLocksOfBaselineMax, random);
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    scenario.programs[cpu] = AnyProgram(Draw(1, 8, random), scenario.lock_count, random);
  }
  for (unsigned left = Draw(0, 4, random); left > 0; --left) AddAnyInterrupt(scenario, random);
  for (unsigned left = Draw(0, 2, random); left > 0; --left) AddAnyOtherFault(scenario, random);
  DrawScheduleOf(ScheduleKind::kUniform, scenario, random);
  Repair(scenario);
  KeepCallersRule(scenario);
  return scenario;
}

}  // namespace rqfuzz
