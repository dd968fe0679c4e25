#include "fuzz/play/parts.h"

#include <array>
#include <bitset>

#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

// What stays, by the numbers that it has in the original.
class Remainder {
 public:
  Remainder(const Scenario& scenario, std::span<const Part> parts) : scenario_(scenario) {
    cpus_.set();
    locks_.set();
    faults_.set();
    for (auto& operations : operations_) operations.set();
    for (const Part& part : parts) Remove(part);
    RemoveDependents();
  }

  bool HasCpuAndLock() const {
    return Renumbered(cpus_, scenario_.cpu_count) > 0 && Renumbered(locks_, scenario_.lock_count) > 0;
  }
  Scenario Build() const;

 private:
  void Remove(const Part& part);
  void RemoveOperationsOn(unsigned lock);
  void RemoveDependents();
  bool Stays(const Fault& fault) const;
  unsigned ProgramNumber(unsigned program) const;
  void BuildPrograms(Scenario& result) const;
  Moment BuildMoment(const Moment& moment) const;
  void BuildCorruption(Corruption& corruption) const;

  // How many of the first `number` elements stay: the new number of element `number`.
  template <std::size_t kSize>
  static unsigned Renumbered(const std::bitset<kSize>& stays, unsigned number) {
    unsigned count = 0;
    for (unsigned i = 0; i < number; ++i) count += stays[i];
    return count;
  }

  const Scenario& scenario_;
  std::bitset<kCpusMax> cpus_;
  std::bitset<kLocksMax> locks_;
  std::bitset<kFaultsMax> faults_;
  std::bitset<kHandlersMax> handlers_;  // set by RemoveDependents()
  std::array<std::bitset<kOperationsMax>, kProgramsMax> operations_;
};

void Remainder::Remove(const Part& part) {
  switch (part.kind) {
    case PartKind::kCpu:
      cpus_.reset(part.index);
      operations_[part.index].reset();
      break;
    case PartKind::kLock:
      locks_.reset(part.index);
      RemoveOperationsOn(part.index);
      break;
    case PartKind::kFault:
      faults_.reset(part.index);
      break;
    case PartKind::kSection:
      operations_[part.program].reset(part.index);
      operations_[part.program].reset(MatchingRelease(scenario_.programs[part.program], part.index));
      break;
    case PartKind::kWork:
      operations_[part.program].reset(part.index);
      break;
  }
}

void Remainder::RemoveOperationsOn(unsigned lock) {
  for (unsigned program = 0; program < kProgramsMax; ++program) {
    const Program& operations = scenario_.programs[program];
    for (unsigned i = 0; i < operations.size(); ++i) {
      if (operations[i].kind != OperationKind::kWork && operations[i].lock == lock) operations_[program].reset(i);
    }
  }
}

// Interrupts and programs first, in their order: each may depend on an earlier one only.
void Remainder::RemoveDependents() {
  unsigned handler = 0;
  for (unsigned i = 0; i < scenario_.faults.size(); ++i) {
    const Fault& fault = scenario_.faults[i];
    if (!HasHandler(fault.kind)) continue;
    if (!Stays(fault)) faults_.reset(i);
    handlers_.set(handler, faults_[i]);
    if (!faults_[i]) operations_[kCpusMax + handler].reset();
    ++handler;
  }
  for (unsigned i = 0; i < scenario_.faults.size(); ++i) {
    if (!Stays(scenario_.faults[i])) faults_.reset(i);
  }
}

bool Remainder::Stays(const Fault& fault) const {
  if (fault.kind == FaultKind::kSwitch && !cpus_[fault.target_cpu]) return false;
  if (fault.kind == FaultKind::kCorruption) {
    const bool is_word = fault.corruption.place == CorruptedPlace::kWord;
    if (is_word ? !locks_[fault.corruption.index] : !cpus_[fault.corruption.cpu]) return false;
  }
  const Moment& moment = fault.moment;
  if (IsTracepoint(moment)) return true;
  return moment.kind == MomentKind::kTime ? cpus_[moment.cpu] : operations_[moment.program][moment.operation];
}

unsigned Remainder::ProgramNumber(unsigned program) const {
  return program < kCpusMax ? Renumbered(cpus_, program) : kCpusMax + Renumbered(handlers_, program - kCpusMax);
}

void Remainder::BuildPrograms(Scenario& result) const {
  for (unsigned program = 0; program < kProgramsMax; ++program) {
    const Program& operations = scenario_.programs[program];
    for (unsigned i = 0; i < operations.size(); ++i) {
      if (!operations_[program][i]) continue;
      Operation operation = operations[i];
      if (operation.kind != OperationKind::kWork) {
        operation.lock = static_cast<std::uint8_t>(Renumbered(locks_, operation.lock));
      }
      result.programs[ProgramNumber(program)].push_back(operation);
    }
  }
}

Moment Remainder::BuildMoment(const Moment& moment) const {
  Moment result = moment;
  if (IsTracepoint(moment)) return result;
  if (moment.kind == MomentKind::kTime) {
    result.cpu = static_cast<std::uint8_t>(Renumbered(cpus_, moment.cpu));
  } else {
    result.program = static_cast<std::uint8_t>(ProgramNumber(moment.program));
    result.operation = static_cast<std::uint8_t>(Renumbered(operations_[moment.program], moment.operation));
  }
  return result;
}

void Remainder::BuildCorruption(Corruption& corruption) const {
  if (corruption.place == CorruptedPlace::kWord) {
    corruption.index = static_cast<std::uint8_t>(Renumbered(locks_, corruption.index));
  } else {
    corruption.cpu = static_cast<std::uint8_t>(Renumbered(cpus_, corruption.cpu));
  }
}

Scenario Remainder::Build() const {
  Scenario result;
  result.lock_type = scenario_.lock_type;
  result.virtual_machine = scenario_.virtual_machine;
  result.cpu_count = static_cast<std::uint8_t>(Renumbered(cpus_, scenario_.cpu_count));
  result.lock_count = static_cast<std::uint8_t>(Renumbered(locks_, scenario_.lock_count));
  BuildPrograms(result);
  result.clock_granularity_ns = scenario_.clock_granularity_ns;
  result.schedule = scenario_.schedule;
  for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) {
    if (!cpus_[cpu]) continue;
    result.clock_skew_ns[Renumbered(cpus_, cpu)] = scenario_.clock_skew_ns[cpu];
    result.slow_by[Renumbered(cpus_, cpu)] = scenario_.slow_by[cpu];
  }
  for (unsigned i = 0; i < scenario_.faults.size(); ++i) {
    if (!faults_[i]) continue;
    Fault fault = scenario_.faults[i];
    fault.moment = BuildMoment(fault.moment);
    if (fault.kind == FaultKind::kSwitch) {
      fault.target_cpu = static_cast<std::uint8_t>(Renumbered(cpus_, fault.target_cpu));
    }
    if (fault.kind == FaultKind::kCorruption) BuildCorruption(fault.corruption);
    result.faults.push_back(fault);
  }
  Repair(result);  // releases that were out of order name other locks now
  return result;
}

}  // namespace

std::vector<Part> PartsOf(const Scenario& scenario) {
  std::vector<Part> parts;
  const auto add = [&parts](PartKind kind, unsigned program, unsigned index) {
    parts.push_back({kind, static_cast<std::uint8_t>(program), static_cast<std::uint8_t>(index)});
  };
  for (unsigned i = 0; i < scenario.cpu_count; ++i) add(PartKind::kCpu, 0, i);
  for (unsigned i = 0; i < scenario.lock_count; ++i) add(PartKind::kLock, 0, i);
  for (unsigned i = 0; i < scenario.faults.size(); ++i) add(PartKind::kFault, 0, i);
  for (unsigned program = 0; program < kProgramsMax; ++program) {
    for (unsigned i = 0; i < scenario.programs[program].size(); ++i) {
      const OperationKind kind = scenario.programs[program][i].kind;
      if (kind == OperationKind::kAcquire) add(PartKind::kSection, program, i);
      if (kind == OperationKind::kWork || kind == OperationKind::kStrayRelease) add(PartKind::kWork, program, i);
    }
  }
  return parts;
}

Scenario WithoutParts(const Scenario& scenario, std::span<const Part> parts) {
  const Remainder remainder(scenario, parts);
  return remainder.HasCpuAndLock() ? remainder.Build() : scenario;
}

Scenario WithLockMerged(const Scenario& scenario, unsigned from, unsigned into) {
  Scenario merged = scenario;
  for (Program& program : merged.programs) {
    for (Operation& operation : program) {
      if (operation.kind != OperationKind::kWork && operation.lock == from) {
        operation.lock = static_cast<std::uint8_t>(into);
      }
    }
  }
  const Part unused{PartKind::kLock, 0, static_cast<std::uint8_t>(from)};
  return WithoutParts(merged, {&unused, 1});
}

}  // namespace rqfuzz
