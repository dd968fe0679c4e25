#include "fuzz/scenario/mutate.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/edit.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

struct Place {
  unsigned program;
  unsigned operation;
};

// The programs that there are, in order.
boost::container::static_vector<unsigned, kProgramsMax> Programs(const Scenario& scenario) {
  boost::container::static_vector<unsigned, kProgramsMax> programs;
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) programs.push_back(cpu);
  const unsigned handlers = HandlerCount(scenario);
  for (unsigned handler = 0; handler < handlers; ++handler) programs.push_back(kCpusMax + handler);
  return programs;
}

unsigned DrawProgramIndex(const Scenario& scenario, Random& random) {
  const auto programs = Programs(scenario);
  return programs[random.Below(programs.size())];
}

// An operation of kind `kind`, each as likely.
std::optional<Place> DrawPlace(const Scenario& scenario, OperationKind kind, Random& random) {
  std::optional<Place> drawn;
  unsigned seen = 0;
  for (const unsigned program : Programs(scenario)) {
    for (unsigned i = 0; i < scenario.programs[program].size(); ++i) {
      if (scenario.programs[program][i].kind == kind && random.OneIn(++seen)) drawn = Place{program, i};
    }
  }
  return drawn;
}

Fault* DrawFault(Scenario& scenario, Random& random) {
  return scenario.faults.empty() ? nullptr : &scenario.faults[random.Below(scenario.faults.size())];
}

// Every change returns whether it could be made. Moments may be taken twice afterwards: Repair() follows.

bool ChangeLock(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kAcquire, random);
  if (!place || scenario.lock_count == 1) return false;
  Program& program = scenario.programs[place->program];
  std::uint8_t& lock = program[place->operation].lock;
  lock = static_cast<std::uint8_t>((lock + random.Between(1, scenario.lock_count - 1u)) % scenario.lock_count);
  NameReleases(program);
  return true;
}

bool ChangeEntryPoint(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kAcquire, random);
  if (!place) return false;
  scenario.programs[place->program][place->operation].entry_point = DrawEntryPoint(random);
  return true;
}

bool ChangeRetries(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kAcquire, random);
  if (!place) return false;
  scenario.programs[place->program][place->operation].retries = DrawRetries(random);
  return true;
}

std::uint64_t Nudged(std::uint64_t value_ns, Random& random) {
  const std::uint64_t step_ns = 1 + random.Below(value_ns / 4 + 2);
  return random.OneIn(2) ? std::min(value_ns + step_ns, kDurationMax_ns) : value_ns - std::min(value_ns, step_ns);
}

bool ChangeDuration(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kWork, random);
  if (!place) return false;
  std::uint64_t& duration_ns = scenario.programs[place->program][place->operation].duration_ns;
  duration_ns = random.OneIn(3) ? Nudged(duration_ns, random) : DrawDuration_ns(random);
  return true;
}

bool InsertWork(Scenario& scenario, Random& random) {
  const unsigned program = DrawProgramIndex(scenario, random);
  const std::size_t size = scenario.programs[program].size();
  if (size == kOperationsMax) return false;
  InsertOperation(scenario, program, static_cast<unsigned>(random.Below(size + 1)),
                  {.duration_ns = DrawDuration_ns(random)});
  return true;
}

// Where a section that begins before operation `begin` may end: before a position reached by whole sections.
unsigned DrawSectionEnd(const Program& program, unsigned begin, Random& random) {
  unsigned end = begin;
  while (end < program.size() && program[end].kind != OperationKind::kRelease && !random.OneIn(3)) {
    end = (program[end].kind == OperationKind::kAcquire ? MatchingRelease(program, end) : end) + 1;
  }
  return end;
}

bool InsertSection(Scenario& scenario, Random& random) {
  const unsigned index = DrawProgramIndex(scenario, random);
  const Program& program = scenario.programs[index];
  if (program.size() + 2 > kOperationsMax) return false;
  const auto begin = static_cast<unsigned>(random.Below(program.size() + 1));
  const unsigned end = DrawSectionEnd(program, begin, random);
  const auto lock = static_cast<std::uint8_t>(random.Below(scenario.lock_count));
  InsertOperation(scenario, index, end, {.kind = OperationKind::kRelease, .lock = lock});
  InsertOperation(scenario, index, begin,
                  {.kind = OperationKind::kAcquire,
                   .lock = lock,
                   .entry_point = DrawEntryPoint(random),
                   .retries = DrawRetries(random)});
  return true;
}

bool RemoveSection(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kAcquire, random);
  if (!place) return false;
  const unsigned release = MatchingRelease(scenario.programs[place->program], place->operation);
  EraseOperation(scenario, place->program, release);
  EraseOperation(scenario, place->program, place->operation);
  return true;
}

bool RemoveWork(Scenario& scenario, Random& random) {
  const std::optional<Place> place = DrawPlace(scenario, OperationKind::kWork, random);
  if (!place) return false;
  EraseOperation(scenario, place->program, place->operation);
  return true;
}

bool RemoveAnyFault(Scenario& scenario, Random& random) {
  if (scenario.faults.empty()) return false;
  RemoveFault(scenario, static_cast<unsigned>(random.Below(scenario.faults.size())));
  return true;
}

bool MoveByAccesses(Scenario& scenario, Random& random) {
  Fault* fault = DrawFault(scenario, random);
  if (fault == nullptr || fault->moment.kind != MomentKind::kAccess) return false;
  const std::uint64_t step = random.OneIn(2) ? 1 : random.Between(1, 6);
  const std::uint64_t access = fault->moment.access;
  const std::uint64_t moved = random.OneIn(2) ? access + step : access - std::min(access, step);
  const OperationKind kind = scenario.programs[fault->moment.program][fault->moment.operation].kind;
  const std::uint64_t drawn = random.OneIn(4) ? DrawAccess(kind, random) : moved;
  fault->moment.access = static_cast<std::uint16_t>(std::clamp<std::uint64_t>(drawn, 1, kAccessMax));
  return true;
}

bool MoveInTime(Scenario& scenario, Random& random) {
  Fault* fault = DrawFault(scenario, random);
  if (fault == nullptr || fault->moment.kind != MomentKind::kTime) return false;
  std::uint64_t& time_ns = fault->moment.time_ns;
  time_ns = random.OneIn(2) ? Nudged(time_ns, random) : DrawTime_ns(random);
  return true;
}

bool MoveToOtherOperation(Scenario& scenario, Random& random) {
  Fault* fault = DrawFault(scenario, random);
  if (fault == nullptr || fault->moment.kind != MomentKind::kAccess) return false;
  fault->moment.operation =
      static_cast<std::uint8_t>(random.Below(scenario.programs[fault->moment.program].size()));
  return true;
}

bool MoveAnywhere(Scenario& scenario, Random& random) {
  if (scenario.faults.empty()) return false;
  const std::size_t index = random.Below(scenario.faults.size());
  unsigned handlers = 0;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const bool counts = i < index || !HasHandler(scenario.faults[index].kind);
    if (counts && HasHandler(scenario.faults[i].kind)) ++handlers;
  }
  // Tracepoints have nowhere else to go but each other: ChangeTarget().
  if (IsTracepoint(scenario.faults[index].moment)) return false;
  scenario.faults[index].moment = DrawMoment(scenario, handlers, random);
  return true;
}

// Another target, length, tracepoint, repetition or kind, whichever the fault has.
bool ChangeTarget(Scenario& scenario, Random& random, const Injectors& injectors) {
  Fault* fault = DrawFault(scenario, random);
  if (fault == nullptr) return false;
  if (fault->kind == FaultKind::kSwitch) {
    fault->target_cpu = static_cast<std::uint8_t>(random.Below(scenario.cpu_count));
  } else if (HasDuration(fault->kind)) {
    fault->duration_ns = DrawDuration_ns(random);
  } else if (fault->kind == FaultKind::kCorruption) {
    fault->corruption.bit = static_cast<std::uint8_t>(random.Below(64));
  } else if (fault->kind == FaultKind::kProgram && IsTracepoint(fault->moment)) {
    const bool at_begin = fault->moment.kind == MomentKind::kContentionBegin;
    fault->moment.kind = at_begin ? MomentKind::kContentionEnd : MomentKind::kContentionBegin;
  } else if (IsInterrupt(fault->kind) && fault->moment.kind == MomentKind::kTime && random.OneIn(2)) {
    const bool repeats = fault->period_ns != 0;
    fault->period_ns = fault->duration_ns = 0;
    if (Has(injectors, Injector::kStorm) && (!repeats || random.OneIn(2))) DrawRepetition(*fault, random);
  } else {
    return IsInterrupt(fault->kind) && DrawInterruptKind(injectors, random, fault->kind);
  }
  return true;
}

// A second interrupt like one that there is, on another CPU: two CPUs whose NMIs want each other's lock.
bool MirrorInterrupt(Scenario& scenario, Random& random) {
  const unsigned handlers = HandlerCount(scenario);
  if (handlers == 0 || handlers == kHandlersMax || scenario.faults.size() == kFaultsMax) return false;
  if (scenario.cpu_count == 1) return false;
  const auto model = static_cast<unsigned>(random.Below(handlers));
  Fault fault = FaultOfHandler(scenario, model);
  if (!IsInterrupt(fault.kind)) return false;
  const std::uint64_t other = CpuOfMoment(scenario, fault.moment) + random.Between(1, scenario.cpu_count - 1u);
  const auto cpu = static_cast<std::uint8_t>(other % scenario.cpu_count);
  (fault.moment.kind == MomentKind::kTime ? fault.moment.cpu : fault.moment.program) = cpu;
  Program& program = scenario.programs[kCpusMax + handlers];
  program = scenario.programs[kCpusMax + model];
  if (scenario.lock_count > 1 && !random.OneIn(3)) ExchangeLocks(program, scenario.lock_count, random);
  scenario.faults.push_back(fault);
  return true;
}

bool CopyProgram(Scenario& scenario, Random& random) {
  if (scenario.cpu_count == 1) return false;
  const std::uint64_t from = random.Below(scenario.cpu_count);
  const std::uint64_t to = (from + random.Between(1, scenario.cpu_count - 1u)) % scenario.cpu_count;
  scenario.programs[to] = scenario.programs[from];
  if (scenario.lock_count > 1 && random.OneIn(2)) ExchangeLocks(scenario.programs[to], scenario.lock_count, random);
  return true;
}

bool ExchangeLocksInProgram(Scenario& scenario, Random& random) {
  if (scenario.lock_count == 1) return false;
  ExchangeLocks(scenario.programs[DrawProgramIndex(scenario, random)], scenario.lock_count, random);
  return true;
}

bool ReplaceProgram(Scenario& scenario, Random& random, const Injectors& injectors) {
  const std::uint64_t cpu = random.Below(scenario.cpu_count);
  const bool deep = Has(injectors, Injector::kTableOverflow) && random.OneIn(32);
  scenario.programs[cpu] = deep ? DrawDeepProgram(scenario, random) : DrawProgram(scenario.lock_count, random);
  return true;
}

bool AddCpu(Scenario& scenario, Random& random) {
  constexpr unsigned kFew = 4;
  if (scenario.cpu_count == kCpusMax || (scenario.cpu_count >= kFew && !random.OneIn(8))) return false;
  Program& program = scenario.programs[scenario.cpu_count];
  program = random.OneIn(2) ? scenario.programs[random.Below(scenario.cpu_count)]
                            : DrawProgram(scenario.lock_count, random);
  ++scenario.cpu_count;
  return true;
}

bool RemoveAnyCpu(Scenario& scenario, Random& random) {
  if (scenario.cpu_count == 1) return false;
  RemoveCpu(scenario, static_cast<unsigned>(random.Below(scenario.cpu_count)));
  return true;
}

bool ChangeLockCount(Scenario& scenario, Random& random) {
  constexpr unsigned kFew = 4;
  const bool up = random.OneIn(2);
  if (up ? scenario.lock_count >= kFew : scenario.lock_count == 1) return false;
  scenario.lock_count = static_cast<std::uint8_t>(scenario.lock_count + (up ? 1 : -1));
  return true;
}

bool ChangeMachine(Scenario& scenario, Random& random) {
  scenario.lock_type = DrawBuild(*scenario.lock_type, random);
  scenario.virtual_machine = DrawVirtualMachine(*scenario.lock_type, random);
  return true;
}

// Adds one of the faults of which a scenario needs few.
struct RareFault {
  Injector injector;
  bool (*add)(Scenario&, Random&);
  unsigned weight;
};

constexpr RareFault kRareFaults[] = {
    {Injector::kProgram, AddTracingProgram, 3},
    {Injector::kSteal, AddSteal, 1},
    {Injector::kReschedule, AddReschedule, 1},
    {Injector::kOffline, AddOffline, 1},
    {Injector::kClockJump, AddClockJump, 1},
    {Injector::kStuckOwner, KeepLock, 1},
    {Injector::kClock, ChangeClock, 1},
    {Injector::kSlowCpu, ChangeSpeed, 1},
    {Injector::kTask, AddTask, 1},
    {Injector::kMisuse, AddMisuse, 4},
    {Injector::kCorruption, AddCorruption, 4},
    {Injector::kSpuriousFailure, AddSpuriousFailure, 4},
};

bool AddAnythingRare(Scenario& scenario, Random& random, const Injectors& injectors) {
  unsigned sum = Has(injectors, Injector::kStorm) ? 1 : 0;
  for (const RareFault& fault : kRareFaults) sum += Has(injectors, fault.injector) ? fault.weight : 0;
  if (sum == 0) return false;
  std::uint64_t drawn = random.Below(sum);
  for (const RareFault& fault : kRareFaults) {
    if (!Has(injectors, fault.injector)) continue;
    if (drawn < fault.weight) return fault.add(scenario, random);
    drawn -= fault.weight;
  }
  return AddStorm(scenario, random, injectors);
}

struct Change {
  bool (*make)(Scenario&, Random&);
  unsigned weight;
};

constexpr Change kChanges[] = {
    {ChangeLock, 8},    {ChangeEntryPoint, 4}, {ChangeRetries, 2},          {ChangeDuration, 10},
    {InsertWork, 6},    {InsertSection, 8},    {RemoveSection, 6},          {RemoveWork, 4},
    {AddSwitch, 6},     {RemoveAnyFault, 9},   {MoveByAccesses, 16},        {MoveInTime, 6},
    {MoveAnywhere, 5},  {MirrorInterrupt, 3},  {MoveToOtherOperation, 6},   {CopyProgram, 3},
    {AddCpu, 3},        {RemoveAnyCpu, 3},     {ExchangeLocksInProgram, 4}, {ChangeLockCount, 2},
    {ChangeMachine, 2},
};

// Changes that depend on what is switched on.
struct SwarmChange {
  bool (*make)(Scenario&, Random&, const Injectors&);
  unsigned weight;
};

constexpr SwarmChange kSwarmChanges[] = {
    {AddInterrupt, 8}, {ChangeTarget, 3}, {ReplaceProgram, 2}, {AddAnythingRare, 12}};

unsigned WeightOfChanges() {
  unsigned sum = 0;
  for (const Change& change : kChanges) sum += change.weight;
  for (const SwarmChange& change : kSwarmChanges) sum += change.weight;
  return sum;
}

bool MakeDrawnChange(Scenario& scenario, Random& random, const Injectors& injectors) {
  static const unsigned sum = WeightOfChanges();
  std::uint64_t drawn = random.Below(sum);
  for (const Change& change : kChanges) {
    if (drawn < change.weight) return change.make(scenario, random);
    drawn -= change.weight;
  }
  const SwarmChange* change = kSwarmChanges;
  for (; drawn >= change->weight; ++change) drawn -= change->weight;
  return change->make(scenario, random, injectors);
}

bool MakeAnyChange(Scenario& scenario, Random& random, const Injectors& injectors) {
  if (!MakeDrawnChange(scenario, random, injectors)) return false;
  Repair(scenario);
  return true;
}

}  // namespace

void Mutate(Scenario& scenario, Random& random, const Injectors& injectors) {
  // One change in half of the cases, then two, three, four: small steps find their way, large ones leave a dead end.
  unsigned changes = 1;
  while (changes < 4 && random.OneIn(2)) ++changes;
  while (changes > 0) changes -= MakeAnyChange(scenario, random, injectors) ? 1 : 0;
  scenario.lock_type = InheritBuild(*scenario.lock_type, random);
  KeepCallersRule(scenario);
}

}  // namespace rqfuzz
