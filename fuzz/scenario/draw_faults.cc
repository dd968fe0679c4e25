// What goes wrong, drawn: one function for each sort of fault.
#include <iterator>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/durations.h"

namespace rqfuzz {

bool DrawInterruptKind(const Injectors& injectors, Random& random, FaultKind& kind) {
  constexpr FaultKind kKinds[] = {FaultKind::kNmi, FaultKind::kHardirq, FaultKind::kSoftirq};
  const unsigned nmi = Has(injectors, Injector::kNmi) ? 6 : 0;
  const unsigned hardirq = Has(injectors, Injector::kHardirq) ? 1 : 0;
  const unsigned softirq = Has(injectors, Injector::kSoftirq) ? 1 : 0;
  if (nmi + hardirq + softirq == 0) return false;
  kind = kKinds[DrawWeighted({nmi, hardirq, softirq}, random)];
  return true;
}

bool AddInterrupt(Scenario& scenario, Random& random, const Injectors& injectors) {
  const unsigned handler = HandlerCount(scenario);
  if (handler == kHandlersMax || scenario.faults.size() == kFaultsMax) return false;
  Fault fault;
  if (!DrawInterruptKind(injectors, random, fault.kind)) return false;
  fault.moment = DrawMoment(scenario, handler, random);
  scenario.programs[kCpusMax + handler] = DrawHandlerProgram(scenario, fault.moment, random);
  scenario.faults.push_back(fault);
  return true;
}

bool AddTracingProgram(Scenario& scenario, Random& random) {
  const unsigned handler = HandlerCount(scenario);
  if (handler == kHandlersMax || scenario.faults.size() == kFaultsMax) return false;
  if (FaultCount(scenario, FaultKind::kProgram) == kTracingProgramsMax) return false;
  const MomentKind tracepoint = random.OneIn(2) ? MomentKind::kContentionBegin : MomentKind::kContentionEnd;
  Fault fault{.kind = FaultKind::kProgram, .moment = {.kind = tracepoint}};
  if (scenario.lock_type->runs_programs_at_any_step && !random.OneIn(3)) {
    const Moment step = DrawMoment(scenario, handler, random);
    if (step.kind == MomentKind::kAccess) fault.moment = step;
  }
  scenario.programs[kCpusMax + handler] = DrawHandlerProgram(scenario, fault.moment, random);
  scenario.faults.push_back(fault);
  return true;
}

void DrawRepetition(Fault& fault, Random& random) {
  constexpr std::uint64_t kPeriods_ns[] = {1 * kMicrosecond_ns,   10 * kMicrosecond_ns, 100 * kMicrosecond_ns,
                                           900 * kMicrosecond_ns, 5 * kMillisecond_ns,  20 * kMillisecond_ns};
  fault.period_ns = kPeriods_ns[random.Below(std::size(kPeriods_ns))];
  fault.duration_ns = fault.period_ns * random.Between(1, random.OneIn(8) ? kRepeatsMax : 12);
}

bool AddStorm(Scenario& scenario, Random& random, const Injectors& injectors) {
  if (!AddInterrupt(scenario, random, injectors)) return false;
  Fault& fault = scenario.faults.back();
  if (fault.moment.kind != MomentKind::kTime) fault.moment = DrawTimeMoment(scenario, random);
  DrawRepetition(fault, random);
  return true;
}

bool AddOffline(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  scenario.faults.push_back(
      {.kind = FaultKind::kOffline, .moment = DrawMoment(scenario, HandlerCount(scenario), random)});
  return true;
}

bool AddClockJump(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  scenario.faults.push_back({.kind = FaultKind::kClockJump,
                             .moment = DrawMoment(scenario, HandlerCount(scenario), random),
                             .duration_ns = DrawDuration_ns(random)});
  return true;
}

bool AddTask(Scenario& scenario, Random& random) {
  const unsigned handler = HandlerCount(scenario);
  if (handler == kHandlersMax || scenario.faults.size() == kFaultsMax) return false;
  if (FaultCount(scenario, FaultKind::kTask) == kTasksMax) return false;
  scenario.programs[kCpusMax + handler] = DrawProgram(scenario.lock_count, random);
  scenario.faults.push_back({.kind = FaultKind::kTask, .moment = DrawMoment(scenario, handler, random)});
  return true;
}

bool AddSpuriousFailure(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  scenario.faults.push_back(
      {.kind = FaultKind::kSpuriousFailure, .moment = DrawMoment(scenario, HandlerCount(scenario), random)});
  return true;
}

bool AddCorruption(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  Corruption corruption{.place = static_cast<CorruptedPlace>(DrawWeighted({3, 1, 1, 1}, random)),
                        .cpu = static_cast<std::uint8_t>(random.Below(scenario.cpu_count)),
                        .bit = static_cast<std::uint8_t>(random.Below(64))};
  corruption.index = static_cast<std::uint8_t>(
      corruption.place == CorruptedPlace::kWord ? random.Below(scenario.lock_count) : random.Below(kNodesMax));
  scenario.faults.push_back({.kind = FaultKind::kCorruption,
                             .moment = DrawMoment(scenario, HandlerCount(scenario), random),
                             .corruption = corruption});
  return true;
}

bool AddMisuse(Scenario& scenario, Random& random) {
  const unsigned programs = scenario.cpu_count + HandlerCount(scenario);
  const auto drawn = static_cast<unsigned>(random.Below(programs));
  Program& program = scenario.programs[drawn < scenario.cpu_count ? drawn : kCpusMax + drawn - scenario.cpu_count];
  if (program.empty()) return false;
  Operation& operation = program[random.Below(program.size())];
  switch (operation.kind) {
    case OperationKind::kAcquire:
      operation.unchecked = !operation.unchecked;
      break;
    case OperationKind::kRelease:
      operation.out_of_order = !operation.out_of_order;
      break;
    case OperationKind::kStrayRelease:
      operation = {.duration_ns = DrawDuration_ns(random)};
      break;
    case OperationKind::kWork:
      operation = {.kind = OperationKind::kStrayRelease,
                   .lock = static_cast<std::uint8_t>(random.Below(scenario.lock_count)),
                   .entry_point = DrawEntryPoint(random)};
  }
  return true;
}

bool KeepLock(Scenario& scenario, Random& random) {
  Program& program = scenario.programs[random.Below(scenario.cpu_count)];
  if (program.empty()) return false;
  Operation& operation = program[random.Below(program.size())];
  if (operation.kind != OperationKind::kRelease) return false;
  operation.keeps = !operation.keeps;
  return true;
}

bool ChangeClock(Scenario& scenario, Random& random) {
  constexpr std::uint64_t kGranularities_ns[] = {0, 100, 1 * kMillisecond_ns, 4 * kMillisecond_ns,
                                                 10 * kMillisecond_ns};
  constexpr std::uint64_t kSkews_ns[] = {0, 50, 50 * kMicrosecond_ns, 999 * kMicrosecond_ns};
  if (random.OneIn(2)) {
    scenario.clock_granularity_ns = kGranularities_ns[random.Below(std::size(kGranularities_ns))];
  } else {
    scenario.clock_skew_ns[random.Below(scenario.cpu_count)] = kSkews_ns[random.Below(std::size(kSkews_ns))];
  }
  return true;
}

bool ChangeSpeed(Scenario& scenario, Random& random) {
  constexpr std::uint8_t kFactors[] = {1, 2, 8, kSlowMax};
  scenario.slow_by[random.Below(scenario.cpu_count)] = kFactors[random.Below(std::size(kFactors))];
  return true;
}

bool AddSwitch(Scenario& scenario, Random& random) {
  if (scenario.cpu_count < 2 || scenario.faults.size() == kFaultsMax) return false;
  Fault fault{.kind = FaultKind::kSwitch, .moment = DrawMoment(scenario, HandlerCount(scenario), random)};
  const std::uint64_t other = CpuOfMoment(scenario, fault.moment) + random.Between(1, scenario.cpu_count - 1u);
  fault.target_cpu = static_cast<std::uint8_t>(other % scenario.cpu_count);
  scenario.faults.push_back(fault);
  return true;
}

bool AddSteal(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  scenario.faults.push_back({.kind = FaultKind::kSteal,
                             .moment = DrawMoment(scenario, HandlerCount(scenario), random),
                             .duration_ns = DrawTheft_ns(random)});
  return true;
}

bool AddReschedule(Scenario& scenario, Random& random) {
  if (scenario.faults.size() == kFaultsMax) return false;
  // Where interrupts are on it is carried out at once.
  const Moment moment = random.OneIn(4) ? DrawMoment(scenario, HandlerCount(scenario), random)
                                        : DrawMomentWithInterruptsOff(scenario, random);
  scenario.faults.push_back({.kind = FaultKind::kReschedule, .moment = moment});
  return true;
}

}  // namespace rqfuzz
