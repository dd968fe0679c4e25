#include "fuzz/scenario/scenario.h"

#include <algorithm>

#include "fuzz/check.h"

namespace rqfuzz {

bool HasUnusualTime(const Scenario& scenario) {
  if (scenario.clock_granularity_ns != 0) return true;
  return std::any_of(scenario.clock_skew_ns.begin(), scenario.clock_skew_ns.end(), [](auto ns) { return ns != 0; }) ||
         std::any_of(scenario.slow_by.begin(), scenario.slow_by.end(), [](auto slow_by) { return slow_by != 1; });
}

unsigned HandlerCount(const Scenario& scenario) {
  return static_cast<unsigned>(
      std::count_if(scenario.faults.begin(), scenario.faults.end(),
                    [](const Fault& fault) { return HasHandler(fault.kind); }));
}

unsigned FaultCount(const Scenario& scenario, FaultKind kind) {
  return static_cast<unsigned>(std::count_if(scenario.faults.begin(), scenario.faults.end(),
                                             [kind](const Fault& fault) { return fault.kind == kind; }));
}

bool HasMisuse(const Scenario& scenario) {
  return std::any_of(scenario.programs.begin(), scenario.programs.end(), [](const Program& program) {
    return std::any_of(program.begin(), program.end(), [](const Operation& operation) {
      return operation.unchecked || operation.out_of_order || operation.kind == OperationKind::kStrayRelease;
    });
  });
}

bool HasOptIns(const Scenario& scenario) {
  return HasMisuse(scenario) || std::any_of(scenario.faults.begin(), scenario.faults.end(),
                                            [](const Fault& fault) { return BreaksTheMachine(fault.kind); });
}

const Fault& FaultOfHandler(const Scenario& scenario, unsigned handler) {
  unsigned earlier = 0;
  for (const Fault& fault : scenario.faults) {
    if (!HasHandler(fault.kind)) continue;
    if (earlier == handler) return fault;
    ++earlier;
  }
  RQFUZZ_CHECK(handler < earlier);
  return scenario.faults.front();
}

unsigned CpuOfMoment(const Scenario& scenario, const Moment& moment) {
  const Moment* at = &moment;
  while (at->kind == MomentKind::kAccess && at->program >= kCpusMax) {
    at = &FaultOfHandler(scenario, at->program - kCpusMax).moment;
  }
  if (IsTracepoint(*at)) return 0;
  return at->kind == MomentKind::kTime ? at->cpu : at->program;
}

unsigned MatchingRelease(const Program& program, unsigned acquire) {
  unsigned open = 0;
  for (unsigned i = acquire; i < program.size(); ++i) {
    if (program[i].kind == OperationKind::kAcquire) ++open;
    if (program[i].kind == OperationKind::kRelease && --open == 0) return i;
  }
  RQFUZZ_CHECK(open == 0);
  return acquire;
}

void NameReleases(Program& program) {
  boost::container::static_vector<std::uint8_t, kOperationsMax> open;
  for (Operation& operation : program) {
    if (operation.kind == OperationKind::kAcquire) open.push_back(operation.lock);
    if (operation.kind != OperationKind::kRelease) continue;
    RQFUZZ_CHECK(open.size() > (operation.out_of_order ? 1 : 0));
    const auto closed = open.end() - (operation.out_of_order ? 2 : 1);
    operation.lock = *closed;
    open.erase(closed);
  }
}

}  // namespace rqfuzz
