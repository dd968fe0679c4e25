#include "fuzz/scenario/validate.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

absl::Status Invalid(const std::string& where, const char* what) {
  return absl::InvalidArgumentError(absl::StrCat(where, ": ", what));
}

// The operation with nothing but the fields that its kind uses.
Operation UsedFields(const Operation& operation) {
  Operation used{.kind = operation.kind};
  if (operation.kind == OperationKind::kWork) {
    used.duration_ns = operation.duration_ns;
    return used;
  }
  used.lock = operation.lock;
  if (operation.kind == OperationKind::kRelease) {
    used.keeps = operation.keeps;
    used.out_of_order = operation.out_of_order;
    return used;
  }
  used.entry_point = operation.entry_point;
  if (operation.kind == OperationKind::kAcquire) {
    used.retries = operation.retries;
    used.unchecked = operation.unchecked;
  }
  return used;
}

Fault UsedFields(const Fault& fault) {
  Fault used{.kind = fault.kind, .moment = {.kind = fault.moment.kind}};
  if (IsTracepoint(fault.moment)) return used;
  if (fault.moment.kind == MomentKind::kTime) {
    used.moment.cpu = fault.moment.cpu;
    used.moment.time_ns = fault.moment.time_ns;
  } else {
    used.moment.program = fault.moment.program;
    used.moment.operation = fault.moment.operation;
    used.moment.access = fault.moment.access;
  }
  if (fault.kind == FaultKind::kSwitch) used.target_cpu = fault.target_cpu;
  const bool repeats = IsInterrupt(fault.kind) && fault.moment.kind == MomentKind::kTime && fault.period_ns != 0;
  if (repeats) used.period_ns = fault.period_ns;
  if (HasDuration(fault.kind) || repeats) used.duration_ns = fault.duration_ns;
  if (fault.kind == FaultKind::kCorruption) used.corruption = fault.corruption;
  return used;
}

absl::Status ValidateOperation(const Scenario& scenario, const Operation& operation, const std::string& where) {
  if (operation.kind > OperationKind::kStrayRelease) return Invalid(where, "unknown kind of operation");
  if (operation.entry_point > EntryPoint::kBpfIrqsave) return Invalid(where, "unknown entry point");
  if (operation.lock >= scenario.lock_count) return Invalid(where, "lock out of range");
  if (operation.retries > kRetriesMax) return Invalid(where, "too many retries");
  if (operation.duration_ns > kDurationMax_ns) return Invalid(where, "duration too long");
  if (operation != UsedFields(operation)) return Invalid(where, "a field that is not used is set");
  return absl::OkStatus();
}

absl::Status ValidateProgram(const Scenario& scenario, unsigned index) {
  struct Open {
    std::uint8_t lock;
    bool keeps_inside;
  };
  boost::container::static_vector<Open, kOperationsMax> open;
  const Program& program = scenario.programs[index];
  for (unsigned i = 0; i < program.size(); ++i) {
    const std::string where = absl::StrCat("program ", index, ", operation ", i);
    const Operation& operation = program[i];
    if (absl::Status status = ValidateOperation(scenario, operation, where); !status.ok()) return status;
    if (operation.kind == OperationKind::kAcquire) open.push_back({operation.lock, false});
    if (operation.kind == OperationKind::kRelease) {
      if (open.empty()) return Invalid(where, "release of a lock that is not held");
      if (operation.out_of_order && (open.size() < 2 || operation.keeps)) {
        return Invalid(where, "there is no release to exchange this one with");
      }
      const auto closed = open.end() - (operation.out_of_order ? 2 : 1);
      if (closed->lock != operation.lock) return Invalid(where, "release of a lock that is not the innermost");
      if (operation.keeps && index >= kCpusMax) return Invalid(where, "only CPUs keep locks");
      if (closed->keeps_inside && !operation.keeps) return Invalid(where, "release around a lock that is kept");
      if (operation.out_of_order && open.back().keeps_inside) {
        return Invalid(where, "release around a lock that is kept");
      }
      open.erase(closed);
      if (operation.keeps && !open.empty()) open.back().keeps_inside = true;
    }
  }
  if (!open.empty()) return Invalid(absl::StrCat("program ", index), "a lock is never released");
  return absl::OkStatus();
}

// `handlers`: how many handlers the moment may refer to.
absl::Status ValidateMoment(const Scenario& scenario, const Moment& moment, unsigned handlers,
                            const std::string& where) {
  if (moment.kind > MomentKind::kContentionEnd) return Invalid(where, "unknown kind of moment");
  if (IsTracepoint(moment)) return absl::OkStatus();
  if (moment.kind == MomentKind::kTime) {
    if (moment.cpu >= scenario.cpu_count) return Invalid(where, "CPU out of range");
    if (moment.time_ns > kDurationMax_ns) return Invalid(where, "time too late");
    return absl::OkStatus();
  }
  const bool is_cpu = moment.program < scenario.cpu_count;
  const bool is_handler = moment.program >= kCpusMax && moment.program < kCpusMax + handlers;
  if (!is_cpu && !is_handler) return Invalid(where, "the moment names no program, or one of a later handler");
  if (moment.operation >= scenario.programs[moment.program].size()) {
    return Invalid(where, "the moment names no operation");
  }
  if (moment.access < 1 || moment.access > kAccessMax) return Invalid(where, "access out of range");
  return absl::OkStatus();
}

absl::Status ValidateTracingProgram(const Scenario& scenario, const Moment& moment, const std::string& where) {
  if (IsTracepoint(moment)) return absl::OkStatus();
  if (moment.kind == MomentKind::kTime) return Invalid(where, "a program cannot be attached to a time");
  if (!scenario.lock_type->runs_programs_at_any_step) {
    return Invalid(where, "this lock runs programs at tracepoints only");
  }
  if (!MakesSteps(scenario.programs[moment.program][moment.operation].kind)) {
    return Invalid(where, "a program is attached to something that is no step of the lock");
  }
  return absl::OkStatus();
}

absl::Status ValidateCorruption(const Scenario& scenario, const Corruption& corruption, const std::string& where) {
  if (corruption.place > CorruptedPlace::kNodeCount) return Invalid(where, "unknown place");
  const bool is_word = corruption.place == CorruptedPlace::kWord;
  const bool is_pointer = corruption.place == CorruptedPlace::kNodeNext;
  if (corruption.cpu >= (is_word ? 1 : scenario.cpu_count)) return Invalid(where, "CPU of the node out of range");
  if (corruption.index >= (is_word ? scenario.lock_count : kNodesMax)) return Invalid(where, "no such lock or node");
  if (corruption.bit < (is_pointer ? kPointerBitMin : 0) || corruption.bit >= (is_pointer ? 64 : 32)) {
    return Invalid(where, "bit out of range");
  }
  return absl::OkStatus();
}

absl::Status ValidateFault(const Scenario& scenario, unsigned index, unsigned handlers) {
  const std::string where = absl::StrCat("fault ", index);
  const Fault& fault = scenario.faults[index];
  if (fault.kind > kLastFaultKind) return Invalid(where, "unknown kind of fault");
  if (absl::Status status = ValidateMoment(scenario, fault.moment, handlers, where); !status.ok()) return status;
  if (fault.target_cpu >= scenario.cpu_count) return Invalid(where, "target CPU out of range");
  if (fault.duration_ns > kDurationMax_ns) return Invalid(where, "duration too long");
  if (fault != UsedFields(fault)) return Invalid(where, "a field that is not used is set");
  if (fault.kind == FaultKind::kCorruption) {
    if (absl::Status status = ValidateCorruption(scenario, fault.corruption, where); !status.ok()) return status;
  }
  if (fault.kind == FaultKind::kProgram) {
    if (absl::Status status = ValidateTracingProgram(scenario, fault.moment, where); !status.ok()) return status;
  } else if (IsTracepoint(fault.moment)) {
    return Invalid(where, "only programs can be attached to a tracepoint");
  }
  if (fault.period_ns != 0 && (fault.period_ns < kPeriodMin_ns || fault.duration_ns < fault.period_ns ||
                               fault.duration_ns > fault.period_ns * kRepeatsMax)) {
    return Invalid(where, "it repeats too fast, too often or not at all");
  }
  for (unsigned i = 0; i < index; ++i) {
    const Fault& earlier = scenario.faults[i];
    if (earlier.moment != fault.moment) continue;
    if (IsInterrupt(earlier.kind) && IsInterrupt(fault.kind)) return Invalid(where, "second interrupt at a moment");
  }
  return absl::OkStatus();
}

absl::Status ValidateTime(const Scenario& scenario) {
  if (scenario.clock_granularity_ns > kClockGranularityMax_ns) return Invalid("clock", "granularity too coarse");
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
    const bool exists = cpu < scenario.cpu_count;
    if (scenario.clock_skew_ns[cpu] > (exists ? kClockSkewMax_ns : 0)) return Invalid("clock", "skew out of range");
    if (scenario.slow_by[cpu] < 1 || scenario.slow_by[cpu] > (exists ? kSlowMax : 1)) {
      return Invalid(absl::StrCat("CPU ", cpu), "slowness out of range");
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateSchedule(const Schedule& schedule) {
  if (schedule.kind > kLastScheduleKind) return Invalid("schedule", "unknown kind");
  const bool has_depth = schedule.kind == ScheduleKind::kPct;
  if (schedule.depth < (has_depth ? 1 : 0) || schedule.depth > (has_depth ? kPctDepthMax : 0)) {
    return Invalid("schedule", "depth out of range");
  }
  if (schedule.kind == ScheduleKind::kSwitches && schedule.seed != 0) {
    return Invalid("schedule", "a field that is not used is set");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const Scenario& scenario) {
  if (scenario.lock_type == nullptr) return Invalid("scenario", "no lock type");
  if (scenario.cpu_count < 1 || scenario.cpu_count > kCpusMax) return Invalid("scenario", "CPU count out of range");
  if (scenario.lock_count < 1 || scenario.lock_count > kLocksMax) {
    return Invalid("scenario", "lock count out of range");
  }
  if (absl::Status status = ValidateTime(scenario); !status.ok()) return status;
  if (absl::Status status = ValidateSchedule(scenario.schedule); !status.ok()) return status;
  if (FaultCount(scenario, FaultKind::kProgram) > kTracingProgramsMax)
    return Invalid("scenario", "too many programs");
  if (FaultCount(scenario, FaultKind::kTask) > kTasksMax) return Invalid("scenario", "too many tasks");
  const unsigned handlers = HandlerCount(scenario);
  if (handlers > kHandlersMax) return Invalid("scenario", "too many interrupts");
  for (unsigned i = 0; i < kProgramsMax; ++i) {
    const bool exists = i < scenario.cpu_count || (i >= kCpusMax && i < kCpusMax + handlers);
    if (!exists && !scenario.programs[i].empty()) {
      return Invalid(absl::StrCat("program ", i), "belongs to no CPU or handler but is not empty");
    }
    if (absl::Status status = ValidateProgram(scenario, i); !status.ok()) return status;
  }
  unsigned handler = 0;
  for (unsigned i = 0; i < scenario.faults.size(); ++i) {
    const bool has_handler = HasHandler(scenario.faults[i].kind);
    if (absl::Status status = ValidateFault(scenario, i, has_handler ? handler : handlers); !status.ok()) {
      return status;
    }
    if (has_handler) ++handler;
  }
  return absl::OkStatus();
}

}  // namespace rqfuzz
