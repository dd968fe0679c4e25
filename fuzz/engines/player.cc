#include "fuzz/engines/player.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "fuzz/check.h"
#include "fuzz/engines/trace_lines.h"
#include "fuzz/machine/machine.h"
#include "fuzz/oracles/judge.h"
#include "injectors/injector.h"

namespace rqfuzz {
namespace {

// Runs the programs of a scenario on the machine and injects its faults at their moments.
//
// Invariants:
//  1. `at_access_` holds the faults of kAccess moments by program, operation, access and kind; those of program p
//     are [first_[p], first_[p + 1]).
//  2. `activations_[cpu]` is the stack of programs that run on the CPU; its top belongs to the running context.
class Player final : public Driver {
 public:
  // `chooser`: null if the scenario's switches are all there are.
  void Load(const Scenario& scenario, ScheduleChooser* chooser);
  void RunCpu(unsigned cpu) override { RunProgram(cpu, cpu); }
  void RunHandler(unsigned cpu, unsigned handler) override { RunProgram(cpu, kCpusMax + handler); }
  void OnAlarm(unsigned cpu) override;
  void OnTime(std::uint64_t now_ns) override;
  std::uint64_t NextTimeNs() override;

 private:
  struct Activation {
    unsigned program = 0;
    unsigned operation = 0;
    unsigned next_fault = 0;  // index into at_access_
  };
  // An acquire that has not been released.
  struct Open {
    EntryPoint entry_point = EntryPoint::kRaw;
    unsigned long flags = 0;
  };
  // An operation per open acquire at most, for each context.
  struct OpenStack {
    std::array<Open, kOperationsMax / 2 + 1> entries;
    unsigned count = 0;
  };

  void RunProgram(unsigned cpu, unsigned program);
  void StartOperation(unsigned cpu, unsigned operation);
  // The point of the next fault of this operation; 0: none.
  unsigned NextPoint(const Activation& activation) const;
  // The point after `point` at which OnAlarm() has something to do; 0: none.
  unsigned NextAlarm(const Activation& activation, unsigned point) const {
    return chooser_ != nullptr ? point + 1 : NextPoint(activation);
  }
  bool Acquire(const Operation& operation, Open& open);
  void Release(const Operation& operation, const Open& open);
  unsigned QueueNodesInUse(unsigned cpu) const;
  const Fault& FaultAt(unsigned index) const { return scenario_->faults[index]; }

  const Scenario* scenario_ = nullptr;
  ScheduleChooser* chooser_ = nullptr;
  std::array<std::uint8_t, kFaultsMax> at_access_;
  std::array<std::uint8_t, kFaultsMax> at_time_;
  std::array<std::uint8_t, kProgramsMax + 1> first_;
  std::array<std::uint8_t, kFaultsMax> handler_of_;  // by fault
  unsigned time_count_ = 0;
  unsigned next_time_ = 0;
  std::array<std::array<Activation, kContextDepthMax>, kCpusMax> activations_;
  std::array<unsigned, kCpusMax> depth_;  // programs that run on the CPU
};

void Player::Load(const Scenario& scenario, ScheduleChooser* chooser) {
  scenario_ = &scenario;
  chooser_ = chooser;
  depth_.fill(0);
  next_time_ = time_count_ = 0;
  unsigned access_count = 0;
  unsigned handlers = 0;
  for (unsigned i = 0; i < scenario.faults.size(); ++i) {
    handler_of_[i] = static_cast<std::uint8_t>(handlers);
    if (IsInterrupt(FaultAt(i).kind)) ++handlers;
    if (FaultAt(i).moment.kind == MomentKind::kTime) {
      at_time_[time_count_++] = static_cast<std::uint8_t>(i);
    } else {
      at_access_[access_count++] = static_cast<std::uint8_t>(i);
    }
  }
  // Within one moment, interrupts come before steals and switches, whose kinds rank lower.
  std::sort(at_access_.begin(), at_access_.begin() + access_count, [this](unsigned a, unsigned b) {
    const Moment& x = FaultAt(a).moment;
    const Moment& y = FaultAt(b).moment;
    return std::tuple(x.program, x.operation, x.access, a) < std::tuple(y.program, y.operation, y.access, b);
  });
  std::sort(at_time_.begin(), at_time_.begin() + time_count_, [this](unsigned a, unsigned b) {
    return std::pair(FaultAt(a).moment.time_ns, a) < std::pair(FaultAt(b).moment.time_ns, b);
  });
  unsigned next = 0;
  for (unsigned program = 0; program <= kProgramsMax; ++program) {
    first_[program] = static_cast<std::uint8_t>(next);
    while (next < access_count && FaultAt(at_access_[next]).moment.program == program) ++next;
  }
}

unsigned Player::NextPoint(const Activation& activation) const {
  if (activation.next_fault >= first_[activation.program + 1]) return 0;
  const Moment& moment = FaultAt(at_access_[activation.next_fault]).moment;
  return moment.operation == activation.operation ? moment.access : 0;
}

void Player::StartOperation(unsigned cpu, unsigned operation) {
  Activation& activation = activations_[cpu][depth_[cpu] - 1];
  activation.operation = operation;
  while (activation.next_fault < first_[activation.program + 1] &&
         FaultAt(at_access_[activation.next_fault]).moment.operation < operation) {
    ++activation.next_fault;
  }
  TheMachine().StartCount(NextAlarm(activation, 0));
}

void Player::OnAlarm(unsigned cpu) {
  Activation& activation = activations_[cpu][depth_[cpu] - 1];
  const unsigned point = TheMachine().CurrentPoint();
  while (NextPoint(activation) == point) {
    const unsigned index = at_access_[activation.next_fault++];
    Inject(TheMachine(), {.fault = FaultAt(index), .cpu = cpu, .handler = handler_of_[index]});
  }
  if (chooser_ != nullptr) TheMachine().Prefer(chooser_->NextCpu(scenario_->cpu_count));
  TheMachine().SetAlarm(NextAlarm(activation, point));
}

std::uint64_t Player::NextTimeNs() {
  return next_time_ < time_count_ ? FaultAt(at_time_[next_time_]).moment.time_ns : kNever;
}

void Player::OnTime(std::uint64_t now_ns) {
  while (NextTimeNs() <= now_ns) {
    const unsigned index = at_time_[next_time_++];
    const Fault& fault = FaultAt(index);
    Inject(TheMachine(), {.fault = fault, .cpu = fault.moment.cpu, .handler = handler_of_[index]});
    // What happens on a CPU at a time happens then, not when the schedule comes to that CPU.
    if (IsInterrupt(fault.kind)) TheMachine().Prefer(fault.moment.cpu);
  }
}

void Player::RunProgram(unsigned cpu, unsigned program) {
  const Program& operations = scenario_->programs[program];
  if (operations.empty()) return;
  RQFUZZ_CHECK(depth_[cpu] < kContextDepthMax);
  activations_[cpu][depth_[cpu]++] = {.program = program, .operation = 0, .next_fault = first_[program]};
  OpenStack open;
  for (unsigned i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    StartOperation(cpu, i);
    switch (operation.kind) {
      case OperationKind::kWork:
        TheMachine().Sleep(operation.duration_ns);
        break;
      case OperationKind::kAcquire:
        if (Acquire(operation, open.entries[open.count])) {
          ++open.count;
        } else {
          i = MatchingRelease(operations, i);
        }
        break;
      case OperationKind::kRelease:
        Release(operation, open.entries[--open.count]);
        break;
    }
  }
  // An interrupt may still come in between two programs; it finds no alarm of this one.
  TheMachine().StartCount(0);
  --depth_[cpu];
}

unsigned Player::QueueNodesInUse(unsigned cpu) const {
  for (const locks::Field& field : scenario_->lock_type->per_cpu_fields) {
    if (field.role == locks::FieldRole::kNodeCount) {
      return *reinterpret_cast<const unsigned*>(PerCpuAddress(cpu) + field.offset);
    }
  }
  return 0;
}

bool Player::Acquire(const Operation& operation, Open& open) {
  Machine& machine = TheMachine();
  const locks::EntryPoints& lock_functions = *scenario_->lock_type->entry_points;
  void* const lock = reinterpret_cast<void*>(LockAddress(operation.lock));
  open.entry_point = operation.entry_point;
  for (unsigned attempt = 0; attempt <= operation.retries; ++attempt) {
    machine.StartAcquire();
    Event& begin = machine.Emit(EventKind::kAcquireBegin);
    begin.lock = operation.lock;
    begin.entry_point = static_cast<std::uint8_t>(operation.entry_point);
    begin.queue_nodes = static_cast<std::uint8_t>(QueueNodesInUse(begin.cpu));
    int result = 0;
    switch (operation.entry_point) {
      case EntryPoint::kRaw: result = lock_functions.raw_acquire(lock); break;
      case EntryPoint::kIrqsave: result = lock_functions.irqsave_acquire(lock, &open.flags); break;
      case EntryPoint::kBpf: result = lock_functions.bpf_acquire(lock); break;
      case EntryPoint::kBpfIrqsave: result = lock_functions.bpf_irqsave_acquire(lock, &open.flags); break;
    }
    Event& end = machine.Emit(EventKind::kAcquireEnd);
    end.lock = operation.lock;
    end.entry_point = static_cast<std::uint8_t>(operation.entry_point);
    end.result = static_cast<std::int16_t>(result);
    end.clock_read_ns = machine.CurrentWait().last_read_ns;
    if (result == 0) return true;
  }
  return false;
}

void Player::Release(const Operation& operation, const Open& open) {
  Machine& machine = TheMachine();
  const locks::EntryPoints& lock_functions = *scenario_->lock_type->entry_points;
  void* const lock = reinterpret_cast<void*>(LockAddress(operation.lock));
  const auto emit = [&](EventKind kind) {
    Event& event = machine.Emit(kind);
    event.lock = operation.lock;
    event.entry_point = static_cast<std::uint8_t>(open.entry_point);
  };
  emit(EventKind::kReleaseBegin);
  switch (open.entry_point) {
    case EntryPoint::kRaw: lock_functions.raw_release(lock); break;
    case EntryPoint::kIrqsave: lock_functions.irqsave_release(lock, open.flags); break;
    case EntryPoint::kBpf: lock_functions.bpf_release(lock); break;
    case EntryPoint::kBpfIrqsave: lock_functions.bpf_irqsave_release(lock, open.flags); break;
  }
  emit(EventKind::kReleaseEnd);
}

PlayResult PlayOn(const Scenario& scenario, ScheduleChooser* chooser, Trace* trace) {
  static Player player;
  Machine& machine = TheMachine();
  player.Load(scenario, chooser);
  machine.Run({.cpu_count = scenario.cpu_count,
               .lock_count = scenario.lock_count,
               .lock_type = scenario.lock_type,
               .virtual_machine = scenario.virtual_machine,
               .trace = trace},
              player);
  PlayResult result;
  result.verdict = Judge(machine.events(), {.lock_type = scenario.lock_type,
                                            .cpu_count = scenario.cpu_count,
                                            .lock_count = scenario.lock_count,
                                            .virtual_machine = scenario.virtual_machine});
  result.steps = machine.steps();
  result.virtual_ns = machine.events().empty() ? 0 : machine.events().back().time_ns;
  return result;
}

}  // namespace

PlayResult Play(const Scenario& scenario) { return PlayOn(scenario, nullptr, nullptr); }
PlayResult Play(const Scenario& scenario, ScheduleChooser& chooser) { return PlayOn(scenario, &chooser, nullptr); }

TracedResult PlayTraced(const Scenario& scenario, bool keep_trace) {
  Trace trace(keep_trace);
  TracedResult traced;
  traced.result = PlayOn(scenario, nullptr, &trace);
  traced.trace_hash = trace.hash();
  if (keep_trace) traced.trace = MakeTraceLines(trace, TheMachine().events(), *scenario.lock_type);
  return traced;
}

}  // namespace rqfuzz
