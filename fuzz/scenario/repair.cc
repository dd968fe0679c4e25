#include "fuzz/scenario/repair.h"

#include <algorithm>
#include <bitset>

namespace rqfuzz {
namespace {

using Locks = boost::container::static_vector<std::uint8_t, kOperationsMax>;

constexpr unsigned kDropped = kHandlersMax;

// `value`, unless it is too large: then its remainder. Most are not, and a division takes as long as all the rest.
unsigned Within(unsigned value, unsigned count) { return value < count ? value : value % count; }

// `operation` within bounds; a release is given the lock it closes by the caller.
Operation RepairedOperation(const Operation& operation, unsigned lock_count) {
  Operation repaired{.kind = operation.kind};
  if (operation.kind == OperationKind::kWork) {
    repaired.duration_ns = std::min(operation.duration_ns, kDurationMax_ns);
    return repaired;
  }
  if (operation.kind == OperationKind::kRelease) return repaired;
  repaired.lock = static_cast<std::uint8_t>(Within(operation.lock, lock_count));
  repaired.entry_point = operation.entry_point;
  if (operation.kind == OperationKind::kAcquire) {
    repaired.retries = static_cast<std::uint8_t>(std::min<unsigned>(operation.retries, kRetriesMax));
    repaired.unchecked = operation.unchecked;
  }
  return repaired;
}

// `may_keep`: locks may be kept in it.
void RepairProgram(Program& program, unsigned lock_count, bool may_keep) {
  Locks open;
  std::size_t kept_around = 0;  // the outermost sections, which keep because one inside them does
  unsigned kept = 0;
  for (unsigned i = 0; i < program.size(); ++i) {
    Operation operation = RepairedOperation(program[i], lock_count);
    // An operation needs room for itself and for the releases that are still owed after it.
    const std::size_t room = kOperationsMax - kept - open.size();
    switch (operation.kind) {
      case OperationKind::kAcquire:
        if (room < 2) continue;
        open.push_back(operation.lock);
        break;
      case OperationKind::kRelease:
        if (open.empty()) continue;
        operation.keeps = (program[i].keeps && may_keep) || open.size() <= kept_around;
        operation.out_of_order = program[i].out_of_order && !operation.keeps && open.size() >= kept_around + 2;
        operation.lock = *(open.end() - (operation.out_of_order ? 2 : 1));
        open.erase(open.end() - (operation.out_of_order ? 2 : 1));
        kept_around = operation.keeps ? open.size() : std::min(kept_around, open.size());
        break;
      case OperationKind::kStrayRelease:
      case OperationKind::kWork:
        if (room < 1) continue;
        break;
    }
    program[kept++] = operation;
  }
  program.resize(kept);
  for (; !open.empty(); open.pop_back()) {
    program.push_back({.kind = OperationKind::kRelease, .lock = open.back(), .keeps = open.size() <= kept_around});
  }
}

// Drops faults and renumbers handlers. Used once.
class FaultRepair {
 public:
  // `unwanted`: a fault to drop in any case, or kFaultsMax.
  FaultRepair(Scenario& scenario, unsigned unwanted) : scenario_(scenario), unwanted_(unwanted) {
    new_handler_.fill(kDropped);
  }

  void Run() {
    KeepHandlers();
    KeepOthers();
    unsigned kept = 0;
    for (unsigned i = 0; i < scenario_.faults.size(); ++i) {
      if (keep_[i]) scenario_.faults[kept++] = scenario_.faults[i];
    }
    scenario_.faults.resize(kept);
    for (unsigned handler = handlers_; handler < kHandlersMax; ++handler) {
      scenario_.programs[kCpusMax + handler].clear();
    }
  }

 private:
  // First the faults with handlers, in order: each refers to earlier handlers only, whose fate is known by then.
  void KeepHandlers() {
    unsigned handler = 0;
    unsigned tracing_programs = 0;
    unsigned tasks = 0;
    for (unsigned i = 0; i < scenario_.faults.size() && handler < kHandlersMax; ++i) {
      Fault& fault = scenario_.faults[i];
      if (!HasHandler(fault.kind)) continue;
      const unsigned old_handler = handler++;
      fault.target_cpu = 0;
      fault.corruption = {};
      if (i == unwanted_ || !RepairMoment(fault.moment, old_handler)) continue;
      RepairRepetition(fault);
      if (fault.kind == FaultKind::kProgram) {
        if (!CanAttach(fault.moment) || tracing_programs == kTracingProgramsMax) continue;
        ++tracing_programs;
      } else if (IsTracepoint(fault.moment) || (IsInterrupt(fault.kind) && Taken(i))) {
        continue;
      } else if (fault.kind == FaultKind::kTask) {
        if (tasks == kTasksMax) continue;
        ++tasks;
      }
      keep_.set(i);
      new_handler_[old_handler] = handlers_;
      if (old_handler != handlers_) {
        scenario_.programs[kCpusMax + handlers_] = scenario_.programs[kCpusMax + old_handler];
      }
      ++handlers_;
    }
  }

  void KeepOthers() {
    for (unsigned i = 0; i < scenario_.faults.size(); ++i) {
      Fault& fault = scenario_.faults[i];
      if (HasHandler(fault.kind)) continue;
      const bool is_switch = fault.kind == FaultKind::kSwitch;
      fault.target_cpu = is_switch ? static_cast<std::uint8_t>(Within(fault.target_cpu, scenario_.cpu_count)) : 0;
      fault.duration_ns = HasDuration(fault.kind) ? std::min(fault.duration_ns, kDurationMax_ns) : 0;
      fault.period_ns = 0;
      fault.corruption = fault.kind == FaultKind::kCorruption ? RepairedCorruption(fault.corruption) : Corruption{};
      if (i == unwanted_ || !RepairMoment(fault.moment, kHandlersMax) || IsTracepoint(fault.moment)) continue;
      keep_.set(i);
    }
  }

  Corruption RepairedCorruption(Corruption corruption) const {
    const bool is_word = corruption.place == CorruptedPlace::kWord;
    const bool is_pointer = corruption.place == CorruptedPlace::kNodeNext;
    corruption.cpu = static_cast<std::uint8_t>(is_word ? 0 : corruption.cpu % scenario_.cpu_count);
    corruption.index = static_cast<std::uint8_t>(corruption.index % (is_word ? scenario_.lock_count : kNodesMax));
    const unsigned bit = corruption.bit % (is_pointer ? 64 : 32);
    corruption.bit = static_cast<std::uint8_t>(is_pointer ? std::max(bit, kPointerBitMin) : bit);
    return corruption;
  }

  static void RepairRepetition(Fault& fault) {
    if (!IsInterrupt(fault.kind) || fault.moment.kind != MomentKind::kTime || fault.period_ns == 0) {
      fault.period_ns = fault.duration_ns = 0;
      return;
    }
    fault.period_ns = std::clamp(fault.period_ns, kPeriodMin_ns, kDurationMax_ns);
    const std::uint64_t longest_ns = std::min(fault.period_ns * kRepeatsMax, kDurationMax_ns);
    fault.duration_ns = std::clamp(fault.duration_ns, fault.period_ns, longest_ns);
  }

  // Whether a tracing program can be attached there.
  bool CanAttach(const Moment& moment) const {
    if (moment.kind != MomentKind::kAccess) return IsTracepoint(moment);
    return scenario_.lock_type->runs_programs_at_any_step &&
           MakesSteps(scenario_.programs[moment.program][moment.operation].kind);
  }

  // False if the moment has to go. `handlers`: it may refer to handlers below this number.
  bool RepairMoment(Moment& moment, unsigned handlers) const {
    if (IsTracepoint(moment)) {
      moment = {.kind = moment.kind};
      return true;
    }
    if (moment.kind == MomentKind::kTime) {
      moment = {.kind = MomentKind::kTime,
                .cpu = static_cast<std::uint8_t>(Within(moment.cpu, scenario_.cpu_count)),
                .time_ns = std::min(moment.time_ns, kDurationMax_ns)};
      return true;
    }
    unsigned program = moment.program;
    if (program >= kCpusMax && program < kCpusMax + handlers) {
      if (new_handler_[program - kCpusMax] == kDropped) return false;
      program = kCpusMax + new_handler_[program - kCpusMax];
    } else {
      program = Within(program, scenario_.cpu_count);
    }
    const auto operations = static_cast<unsigned>(scenario_.programs[program].size());
    if (operations == 0) return false;
    moment = {.program = static_cast<std::uint8_t>(program),
              .operation = static_cast<std::uint8_t>(Within(moment.operation, operations)),
              .access = static_cast<std::uint16_t>(std::clamp<unsigned>(moment.access, 1, kAccessMax))};
    return true;
  }

  // Whether an earlier interrupt that is kept has the moment of fault `index`.
  bool Taken(unsigned index) const {
    for (unsigned i = 0; i < index; ++i) {
      const Fault& earlier = scenario_.faults[i];
      if (keep_[i] && IsInterrupt(earlier.kind) && earlier.moment == scenario_.faults[index].moment) return true;
    }
    return false;
  }

  Scenario& scenario_;
  const unsigned unwanted_;
  std::bitset<kFaultsMax> keep_;
  std::array<unsigned, kHandlersMax> new_handler_;
  unsigned handlers_ = 0;
};

Schedule RepairedSchedule(const Schedule& schedule) {
  if (schedule.kind == ScheduleKind::kSwitches || schedule.kind > kLastScheduleKind) return {};
  const bool has_depth = schedule.kind == ScheduleKind::kPct;
  const unsigned depth = has_depth ? std::clamp<unsigned>(schedule.depth, 1, kPctDepthMax) : 0;
  return {.kind = schedule.kind, .depth = static_cast<std::uint8_t>(depth), .seed = schedule.seed};
}

}  // namespace

void Repair(Scenario& scenario) {
  scenario.cpu_count = static_cast<std::uint8_t>(std::clamp<unsigned>(scenario.cpu_count, 1, kCpusMax));
  scenario.lock_count = static_cast<std::uint8_t>(std::clamp<unsigned>(scenario.lock_count, 1, kLocksMax));
  scenario.clock_granularity_ns = std::min(scenario.clock_granularity_ns, kClockGranularityMax_ns);
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
    const bool exists = cpu < scenario.cpu_count;
    scenario.clock_skew_ns[cpu] = std::min(scenario.clock_skew_ns[cpu], exists ? kClockSkewMax_ns : 0);
    const unsigned slow_by = std::clamp<unsigned>(scenario.slow_by[cpu], 1, exists ? kSlowMax : 1);
    scenario.slow_by[cpu] = static_cast<std::uint8_t>(slow_by);
  }
  scenario.schedule = RepairedSchedule(scenario.schedule);
  for (unsigned i = 0; i < kProgramsMax; ++i) {
    Program& program = scenario.programs[i];
    if (i >= scenario.cpu_count && i < kCpusMax) program.clear();
    if (!program.empty()) RepairProgram(program, scenario.lock_count, i < kCpusMax);
  }
  FaultRepair(scenario, kFaultsMax).Run();
}

void RemoveFault(Scenario& scenario, unsigned index) { FaultRepair(scenario, index).Run(); }

void KeepCallersRule(Scenario& scenario) {
  const bool interrupts = std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const Fault& fault) {
    return fault.kind == FaultKind::kHardirq || fault.kind == FaultKind::kSoftirq;
  });
  std::bitset<kLocksMax> in_handlers;
  std::bitset<kProgramsMax> interrupts_off;
  unsigned handler = 0;
  for (const Fault& fault : scenario.faults) {
    if (!HasHandler(fault.kind)) continue;
    const unsigned program = kCpusMax + handler++;
    interrupts_off[program] = fault.kind == FaultKind::kNmi || fault.kind == FaultKind::kHardirq;
    if (fault.kind == FaultKind::kNmi || fault.kind == FaultKind::kTask) continue;
    // A tracing program runs in the interrupts that come to its tracepoint.
    if (fault.kind == FaultKind::kProgram && !interrupts) continue;
    for (const Operation& operation : scenario.programs[program]) {
      if (operation.kind == OperationKind::kAcquire) in_handlers.set(operation.lock);
    }
  }
  if (in_handlers.none()) return;
  for (unsigned i = 0; i < kProgramsMax; ++i) {
    if (interrupts_off[i]) continue;
    for (Operation& operation : scenario.programs[i]) {
      if (operation.kind != OperationKind::kAcquire || !in_handlers[operation.lock]) continue;
      if (operation.entry_point == EntryPoint::kRaw) operation.entry_point = EntryPoint::kIrqsave;
      if (operation.entry_point == EntryPoint::kBpf) operation.entry_point = EntryPoint::kBpfIrqsave;
    }
  }
}

}  // namespace rqfuzz
