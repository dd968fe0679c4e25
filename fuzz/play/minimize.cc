#include "fuzz/play/minimize.h"

#include <algorithm>
#include <span>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "fuzz/play/explicit_schedule.h"
#include "fuzz/play/parts.h"
#include "fuzz/play/player.h"
#include "fuzz/play/removal.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

// `number` with its digits after the first `digits` set to 0.
std::uint64_t RoundedDown(std::uint64_t number, unsigned digits) {
  std::uint64_t unit = 1;
  for (std::uint64_t rest = number; rest >= 10; rest /= 10) unit *= 10;
  for (unsigned i = 1; i < digits && unit > 1; ++i) unit /= 10;
  return number / unit * unit;
}

// Invariants: 1. `current_` is valid and has the property. 2. Every step that is accepted makes it smaller: fewer
// parts, or the same parts with a smaller number or a plainer choice in one place. So it ends. The exception happens
// once: a drawn schedule that is written out gives more parts.
class Minimizer {
 public:
  Minimizer(const Scenario& scenario, absl::FunctionRef<bool(const Scenario&)> has_property)
      : current_(scenario), has_property_(has_property) {}

  void Run() {
    ++executions_;
    if (!has_property_(current_)) return;
    // First of all: what is taken from a scenario whose schedule is drawn leaves it with quite another one. But
    // shorter executions are easier to write out.
    WriteScheduleOut();
    Shrink();
    if (WriteScheduleOut() || WriteOtherScheduleOut()) Shrink();
  }

  const Scenario& current() const { return current_; }
  std::uint64_t executions() const { return executions_; }

 private:
  void Shrink() {
    bool changed = true;
    while (changed) {
      changed = RemoveParts();
      changed |= MergeLocks();
      changed |= SimplifyMachine();
      changed |= SimplifyOperations();
      changed |= SimplifyFaults();
    }
  }

  // Goes on with the candidate if it is another scenario and has the property.
  bool Try(const Scenario& candidate) {
    if (candidate == current_ || !Validate(candidate).ok()) return false;
    if (refused_.contains(KeyOf(candidate))) return false;
    ++executions_;
    if (!has_property_(candidate)) {
      refused_.insert(KeyOf(candidate));
      return false;
    }
    current_ = candidate;
    return true;
  }

  // Goes on with `current_` changed by `change`, likewise.
  template <typename Change>
  bool TryChange(const Change& change) {
    Scenario candidate = current_;
    change(candidate);
    return Try(candidate);
  }

  // Sets a number, found by `field` in a scenario, to the smallest of the round numbers that does.
  template <typename FieldOf>
  bool RoundDown(const FieldOf& field) {
    const std::uint64_t value = field(current_);
    const std::uint64_t candidates[] = {0,
                                        1'000,
                                        10'000,
                                        100'000,
                                        1'000'000,
                                        10'000'000,
                                        100'000'000,
                                        1'000'000'000,
                                        RoundedDown(value, 1),
                                        RoundedDown(value, 2),
                                        RoundedDown(value, 3)};
    for (const std::uint64_t candidate : candidates) {
      if (candidate >= value) continue;
      if (TryChange([&](Scenario& scenario) { field(scenario) = candidate; })) return true;
    }
    return false;
  }

  static std::string KeyOf(const Scenario& scenario) {
    const std::vector<std::uint8_t> bytes = Encode(scenario);
    return {bytes.begin(), bytes.end()};
  }

  bool WriteScheduleOut();
  bool WriteOtherScheduleOut();
  bool TryWrittenOut(const Scenario& scenario);
  bool RemoveParts();
  bool MergeLocks();
  bool SimplifyMachine();
  bool SimplifyOperations();
  bool SimplifyOperation(unsigned program, unsigned index);
  bool SimplifyFaults();
  bool CalmStorm(unsigned fault);
  bool LowerAccess(unsigned fault);
  bool LowerTarget(unsigned fault);

  Scenario current_;
  absl::FunctionRef<bool(const Scenario&)> has_property_;
  absl::flat_hash_set<std::string> refused_;  // keys of candidates without the property: each is tried once
  std::uint64_t executions_ = 0;
};

// A drawn schedule becomes none, or else switches.
bool Minimizer::WriteScheduleOut() {
  if (current_.schedule.kind == ScheduleKind::kSwitches) return false;
  return TryChange([](Scenario& scenario) { scenario.schedule = {}; }) || TryWrittenOut(current_);
}

// Where switches cannot say what one seed gives, they may be able to for another.
bool Minimizer::WriteOtherScheduleOut() {
  if (current_.schedule.kind == ScheduleKind::kSwitches) return false;
  constexpr std::uint32_t kSeeds = 100;
  Scenario other = current_;
  for (other.schedule.seed = 0; other.schedule.seed < kSeeds; ++other.schedule.seed) {
    if (TryWrittenOut(other)) return true;
  }
  return false;
}

bool Minimizer::TryWrittenOut(const Scenario& scenario) {
  ++executions_;
  return Try(WithExplicitSchedule(scenario));
}

bool Minimizer::RemoveParts() {
  bool changed = false;
  std::vector<Part> parts = PartsOf(current_);
  for (std::size_t length = parts.size(); length > 0; length /= 2) {
    for (std::size_t start = 0; start < parts.size();) {
      const std::size_t count = std::min(length, parts.size() - start);
      if (Try(WithoutParts(current_, std::span(parts).subspan(start, count)))) {
        changed = true;
        parts = PartsOf(current_);
      } else {
        start += count;
      }
    }
  }
  return changed;
}

bool Minimizer::MergeLocks() {
  bool changed = false;
  for (unsigned into = 0; into < current_.lock_count; ++into) {
    for (unsigned from = into + 1; from < current_.lock_count;) {
      if (Try(WithLockMerged(current_, from, into))) {
        changed = true;
      } else {
        ++from;
      }
    }
  }
  return changed;
}

bool Minimizer::SimplifyMachine() {
  bool changed = false;
  if (current_.virtual_machine) {
    changed |= TryChange([](Scenario& scenario) { scenario.virtual_machine = false; });
  }
  changed |= RoundDown([](Scenario& scenario) -> std::uint64_t& { return scenario.clock_granularity_ns; });
  changed |= TryChange([](Scenario& scenario) { scenario.schedule = {}; });
  if (current_.schedule.depth > 1) changed |= TryChange([](Scenario& scenario) { --scenario.schedule.depth; });
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) {
    changed |= RoundDown([cpu](Scenario& scenario) -> std::uint64_t& { return scenario.clock_skew_ns[cpu]; });
    for (unsigned times = 1; times < current_.slow_by[cpu]; times *= 2) {
      changed |= TryChange([=](Scenario& scenario) { scenario.slow_by[cpu] = static_cast<std::uint8_t>(times); });
    }
  }
  const locks::LockType& type = *current_.lock_type;
  if (const locks::LockType* generic = locks::FindLockType(type.name, type.revision, "generic")) {
    changed |= TryChange([generic](Scenario& scenario) { scenario.lock_type = generic; });
  }
  return changed;
}

bool Minimizer::SimplifyOperations() {
  bool changed = false;
  for (unsigned program = 0; program < kProgramsMax; ++program) {
    for (unsigned i = 0; i < current_.programs[program].size(); ++i) changed |= SimplifyOperation(program, i);
  }
  return changed;
}

bool Minimizer::SimplifyOperation(unsigned program, unsigned index) {
  const Operation operation = current_.programs[program][index];
  const auto at = [=](Scenario& scenario) -> Operation& { return scenario.programs[program][index]; };
  bool changed = false;
  if (operation.kind == OperationKind::kWork) {
    changed |= RoundDown([&](Scenario& scenario) -> std::uint64_t& { return at(scenario).duration_ns; });
  }
  if (operation.entry_point != EntryPoint::kRaw) {
    changed |= TryChange([&](Scenario& scenario) { at(scenario).entry_point = EntryPoint::kRaw; });
  }
  if (operation.keeps) changed |= TryChange([&](Scenario& scenario) { at(scenario).keeps = false; });
  if (operation.unchecked) changed |= TryChange([&](Scenario& scenario) { at(scenario).unchecked = false; });
  if (operation.out_of_order) {
    changed |= TryChange([&](Scenario& scenario) {
      at(scenario).out_of_order = false;
      NameReleases(scenario.programs[program]);
    });
  }
  for (std::uint8_t retries = 0; retries < operation.retries; ++retries) {
    if (TryChange([&](Scenario& scenario) { at(scenario).retries = retries; })) return true;
  }
  return changed;
}

bool Minimizer::SimplifyFaults() {
  bool changed = false;
  for (unsigned i = 0; i < current_.faults.size(); ++i) {
    if (HasDuration(current_.faults[i].kind)) {
      changed |= RoundDown([i](Scenario& scenario) -> std::uint64_t& { return scenario.faults[i].duration_ns; });
    }
    if (current_.faults[i].period_ns != 0) changed |= CalmStorm(i);
    if (current_.faults[i].kind == FaultKind::kSwitch) changed |= LowerTarget(i);
    if (IsTracepoint(current_.faults[i].moment)) continue;
    if (current_.faults[i].moment.kind == MomentKind::kTime) {
      changed |= RoundDown([i](Scenario& scenario) -> std::uint64_t& { return scenario.faults[i].moment.time_ns; });
    } else {
      changed |= LowerAccess(i);
    }
  }
  return changed;
}

// One interrupt, or else fewer of them, or else rounder times.
bool Minimizer::CalmStorm(unsigned fault) {
  const bool once = TryChange(
      [fault](Scenario& scenario) { scenario.faults[fault].period_ns = scenario.faults[fault].duration_ns = 0; });
  if (once) return true;
  const bool fewer =
      RoundDown([fault](Scenario& scenario) -> std::uint64_t& { return scenario.faults[fault].duration_ns; });
  return RoundDown([fault](Scenario& scenario) -> std::uint64_t& { return scenario.faults[fault].period_ns; }) ||
         fewer;
}

bool Minimizer::LowerAccess(unsigned fault) {
  bool changed = false;
  for (unsigned step = current_.faults[fault].moment.access - 1; step > 0; step /= 2) {
    const unsigned access = current_.faults[fault].moment.access;
    if (step >= access) continue;
    changed |= TryChange([=](Scenario& scenario) {
      scenario.faults[fault].moment.access = static_cast<std::uint16_t>(access - step);
    });
  }
  return changed;
}

// A CPU to which a switch goes is hard to take away, even if all that it does is make way for another.
bool Minimizer::LowerTarget(unsigned fault) {
  for (std::uint8_t cpu = 0; cpu < current_.faults[fault].target_cpu; ++cpu) {
    if (TryChange([=](Scenario& scenario) { scenario.faults[fault].target_cpu = cpu; })) return true;
  }
  return false;
}

}  // namespace

Minimized MinimizeKeeping(const Scenario& scenario, absl::FunctionRef<bool(const Scenario&)> has_property) {
  Minimizer minimizer(scenario, has_property);
  minimizer.Run();
  return {minimizer.current(), Removed(scenario, minimizer.current()), minimizer.executions()};
}

Minimized Minimize(const Scenario& scenario, const Verdict& keep) {
  return MinimizeKeeping(scenario, [&keep](const Scenario& candidate) {
    const Verdict verdict = Play(candidate).verdict;
    return verdict.kind == keep.kind && verdict.oracle == keep.oracle && verdict.cause == keep.cause;
  });
}

}  // namespace rqfuzz
