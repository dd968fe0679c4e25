#include "fuzz/scenario/edit.h"

#include <utility>

namespace rqfuzz {
namespace {

bool IsIn(const Moment& moment, unsigned program) {
  return moment.kind == MomentKind::kAccess && moment.program == program;
}

}  // namespace

void InsertOperation(Scenario& scenario, unsigned program, unsigned at, const Operation& operation) {
  Program& operations = scenario.programs[program];
  operations.insert(operations.begin() + at, operation);
  for (Fault& fault : scenario.faults) {
    if (IsIn(fault.moment, program) && fault.moment.operation >= at) ++fault.moment.operation;
  }
}

void EraseOperation(Scenario& scenario, unsigned program, unsigned at) {
  Program& operations = scenario.programs[program];
  operations.erase(operations.begin() + at);
  for (Fault& fault : scenario.faults) {
    if (IsIn(fault.moment, program) && fault.moment.operation > at) --fault.moment.operation;
  }
}

void RemoveCpu(Scenario& scenario, unsigned cpu) {
  const unsigned last = --scenario.cpu_count;
  scenario.programs[cpu] = scenario.programs[last];
  scenario.programs[last].clear();
  const auto renumber = [&](std::uint8_t& number) {
    if (number == last) {
      number = static_cast<std::uint8_t>(cpu);
    } else if (number == cpu) {
      number = static_cast<std::uint8_t>(last);
    }
  };
  scenario.clock_skew_ns[cpu] = scenario.clock_skew_ns[last];
  scenario.slow_by[cpu] = scenario.slow_by[last];
  scenario.clock_skew_ns[last] = 0;
  scenario.slow_by[last] = 1;
  for (Fault& fault : scenario.faults) {
    const bool at_time = fault.moment.kind == MomentKind::kTime;
    if (!IsTracepoint(fault.moment)) renumber(at_time ? fault.moment.cpu : fault.moment.program);
    if (fault.kind == FaultKind::kSwitch) renumber(fault.target_cpu);
    if (fault.corruption.place != CorruptedPlace::kWord) renumber(fault.corruption.cpu);
  }
}

void ExchangeLocks(Program& program, unsigned lock_count, Random& random) {
  const auto one = static_cast<std::uint8_t>(random.Below(lock_count));
  const auto other = static_cast<std::uint8_t>((one + random.Between(1, lock_count - 1)) % lock_count);
  for (Operation& operation : program) {
    if (operation.kind == OperationKind::kWork) continue;
    if (operation.lock == one) {
      operation.lock = other;
    } else if (operation.lock == other) {
      operation.lock = one;
    }
  }
}

}  // namespace rqfuzz
