#include "fuzz/play/player.h"

#include <array>
#include <bitset>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"
#include "fuzz/oracles/judge.h"
#include "fuzz/play/access_faults.h"
#include "fuzz/play/caller.h"
#include "fuzz/play/schedule_chooser.h"
#include "fuzz/play/timed_faults.h"
#include "fuzz/play/trace_lines.h"
#include "injectors/injector.h"

namespace rqfuzz {
namespace {

static_assert(kTracingProgramsMax <= kNestedProgramsMax && kHandlersMax < kPendingInterruptsMax);
static_assert(kTasksMax <= kExtraTasksMax && kCpusMax == kMachineCpusMax);

// Runs the programs of a scenario on the machine and injects its faults at their moments.
//
// Invariant: `activations_[cpu]` is the stack of programs that run on the CPU; its top belongs to the running context.
// What lay at its bottom for tasks that another one has taken the place of is in `suspended_`, by program.
class Player final : public Driver {
 public:
  // `choices`: what is told of the chooser's decisions; may be null.
  void Load(const Scenario& scenario, std::vector<Choice>* choices);
  bool HasChooser() const { return chooser_ != nullptr; }
  void RunCpu(unsigned cpu) override { RunProgram(cpu, cpu); }
  void RunHandler(unsigned cpu, unsigned handler) override { RunProgram(cpu, kCpusMax + handler); }
  void OnAlarm(unsigned cpu) override;
  void OnTracepoint(unsigned cpu, EventKind tracepoint) override;
  void OnTaskSwitch(unsigned cpu, unsigned from, unsigned to) override;
  unsigned ChooseCpu(unsigned runnable) override;
  void OnTime(std::uint64_t now_ns) override;
  std::uint64_t NextTimeNs() override;

 private:
  struct Activation {
    unsigned program = 0;
    unsigned operation = 0;
    AccessFaults::Ahead ahead;
  };
  void RunProgram(unsigned cpu, unsigned program);
  void StartOperation(Activation& activation, unsigned operation);
  // The point of the next fault of its operation; 0: none.
  unsigned NextPoint(const Activation& activation) const {
    return access_faults_.NextPoint(activation.ahead, activation.operation);
  }
  // The running CPU has come to a scheduling point: the chooser may switch. Returns after how many more points it
  // wants to be asked again.
  unsigned AskChooser(unsigned cpu);
  void RecordChoice(unsigned access, unsigned chosen, unsigned otherwise);
  void InjectAtTime(unsigned fault);
  const Fault& FaultAt(unsigned index) const { return scenario_->faults[index]; }

  const Scenario* scenario_ = nullptr;
  Caller caller_;
  ScheduleChooser* chooser_ = nullptr;  // null: the scenario's switches are all there is
  std::vector<Choice>* choices_ = nullptr;
  AccessFaults access_faults_;
  TimedFaults timed_faults_;
  std::array<std::uint8_t, kFaultsMax> handler_of_;  // by fault
  std::bitset<kFaultsMax> happened_;                 // those at an access
  std::array<std::uint8_t, kTracingProgramsMax> at_tracepoint_;
  unsigned tracepoint_count_ = 0;
  std::array<std::array<Activation, kContextDepthMax>, kCpusMax> activations_;
  std::array<unsigned, kCpusMax> depth_;  // programs that run on the CPU
  struct Suspended {
    Activation activation;
    unsigned depth = 0;
  };
  std::array<Suspended, kProgramsMax> suspended_;
};

void Player::Load(const Scenario& scenario, std::vector<Choice>* choices) {
  scenario_ = &scenario;
  choices_ = choices;
  chooser_ = StartChooser(scenario);
  caller_.Load(*scenario.lock_type);
  depth_.fill(0);
  happened_.reset();
  tracepoint_count_ = 0;
  access_faults_.Load(scenario);
  timed_faults_.Load(scenario);
  unsigned handlers = 0;
  for (unsigned i = 0; i < scenario.faults.size(); ++i) {
    handler_of_[i] = static_cast<std::uint8_t>(handlers);
    if (FaultAt(i).kind == FaultKind::kTask) suspended_[kCpusMax + handlers].depth = 0;
    if (HasHandler(FaultAt(i).kind)) ++handlers;
    if (IsTracepoint(FaultAt(i).moment)) at_tracepoint_[tracepoint_count_++] = static_cast<std::uint8_t>(i);
  }
}

void Player::StartOperation(Activation& activation, unsigned operation) {
  activation.operation = operation;
  SwitchPoint* const switches = access_faults_.StartOperation(activation.ahead, operation);
  TheMachine().StartCount(HasChooser() ? 1 : NextPoint(activation), switches);
}

void Player::OnAlarm(unsigned cpu) {
  Activation& activation = activations_[cpu][depth_[cpu] - 1];
  const unsigned point = TheMachine().CurrentPoint();
  while (NextPoint(activation) == point) {
    const unsigned index = access_faults_.Pass(activation.ahead);
    // A program that raised the interrupt in which it runs each time it does would never end.
    if (FaultAt(index).kind != FaultKind::kProgram) {
      if (happened_[index]) continue;
      happened_.set(index);
    }
    Inject(TheMachine(), {.fault = FaultAt(index), .cpu = cpu, .handler = handler_of_[index]});
  }
  unsigned alarm = NextPoint(activation);
  if (HasChooser()) {
    const unsigned asked = point + AskChooser(cpu);
    if (alarm == 0 || asked < alarm) alarm = asked;
  }
  TheMachine().SetAlarm(alarm);
}

unsigned Player::AskChooser(unsigned cpu) {
  Machine& machine = TheMachine();
  const unsigned runnable = machine.RunnableCpus();
  if (runnable == 0 || machine.HasPreference()) return 1;
  const Decision decision = chooser_->Choose({.cpu = cpu,
                                              .runnable = runnable,
                                              .live = machine.LiveCpus(),
                                              .step = machine.steps(),
                                              .next = machine.NextAccess()});
  machine.Prefer(decision.cpu);
  if (choices_ != nullptr) RecordChoice(machine.CurrentPoint(), decision.cpu, cpu);
  return decision.cpu == cpu ? decision.points : 1;
}

unsigned Player::ChooseCpu(unsigned runnable) {
  const Machine& machine = TheMachine();
  const Decision decision = chooser_->Choose(
      {.cpu = hot.cpu, .blocked = true, .runnable = runnable, .live = machine.LiveCpus(), .step = machine.steps()});
  if (choices_ != nullptr) {
    unsigned next = hot.cpu;
    do next = (next + 1) % scenario_->cpu_count;
    while ((runnable >> next & 1) == 0);
    RecordChoice(machine.CurrentPoint() + 1, decision.cpu, next);
  }
  return decision.cpu;
}

void Player::RecordChoice(unsigned access, unsigned chosen, unsigned otherwise) {
  // A CPU that has come to its end is still at its last operation.
  const unsigned depth = depth_[hot.cpu];
  const Activation& activation = activations_[hot.cpu][depth == 0 ? 0 : depth - 1];
  if (scenario_->programs[activation.program].empty() || access > kAccessMax) return;
  choices_->push_back({.moment = {.program = static_cast<std::uint8_t>(activation.program),
                                  .operation = static_cast<std::uint8_t>(activation.operation),
                                  .access = static_cast<std::uint16_t>(access)},
                       .cpu = static_cast<std::uint8_t>(chosen),
                       .is_default = chosen == otherwise});
}

void Player::OnTracepoint(unsigned cpu, EventKind tracepoint) {
  const MomentKind kind =
      tracepoint == EventKind::kContentionBegin ? MomentKind::kContentionBegin : MomentKind::kContentionEnd;
  for (unsigned i = 0; i < tracepoint_count_; ++i) {
    const unsigned index = at_tracepoint_[i];
    if (FaultAt(index).moment.kind != kind) continue;
    Inject(TheMachine(), {.fault = FaultAt(index), .cpu = cpu, .handler = handler_of_[index]});
  }
}

std::uint64_t Player::NextTimeNs() { return timed_faults_.NextNs(); }

void Player::OnTime(std::uint64_t now_ns) {
  timed_faults_.Pass(now_ns, [this](unsigned fault) { InjectAtTime(fault); });
}

void Player::InjectAtTime(unsigned index) {
  const Fault& fault = FaultAt(index);
  Inject(TheMachine(), {.fault = fault, .cpu = fault.moment.cpu, .handler = handler_of_[index]});
  // What happens on a CPU at a time happens then, not when the schedule comes to that CPU.
  if (IsInterrupt(fault.kind) || fault.kind == FaultKind::kTask) TheMachine().Prefer(fault.moment.cpu);
}

void Player::OnTaskSwitch(unsigned cpu, unsigned from, unsigned to) {
  RQFUZZ_CHECK(depth_[cpu] <= 1);
  suspended_[from] = {.activation = activations_[cpu][0], .depth = depth_[cpu]};
  activations_[cpu][0] = suspended_[to].activation;
  depth_[cpu] = suspended_[to].depth;
}

void Player::RunProgram(unsigned cpu, unsigned program) {
  const Program& operations = scenario_->programs[program];
  if (operations.empty()) return;
  RQFUZZ_CHECK(depth_[cpu] < kContextDepthMax);
  // Stays where it is while this program runs, whatever other tasks of this CPU do meanwhile.
  Activation& activation = activations_[cpu][depth_[cpu]++];
  activation = {.program = program, .operation = 0, .ahead = access_faults_.Of(program)};
  Caller::OpenStack open;
  for (unsigned i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    StartOperation(activation, i);
    switch (operation.kind) {
      case OperationKind::kWork:
        TheMachine().Sleep(operation.duration_ns);
        break;
      case OperationKind::kAcquire:
        if (caller_.Acquire(operation, open.entries[open.count])) {
          ++open.count;
        } else {
          i = MatchingRelease(operations, i);
        }
        break;
      case OperationKind::kRelease:
        caller_.Close(operation, open);
        break;
      case OperationKind::kStrayRelease:
        caller_.StrayRelease(operation);
        break;
    }
  }
  // An interrupt may still come in between two programs; it finds no alarm of this one. Switches stay: one may say
  // who goes on after the end.
  TheMachine().SetAlarm(0);
  --depth_[cpu];
}

struct PlayOptions {
  Trace* trace = nullptr;
  std::vector<Choice>* choices = nullptr;
  bool skips_checks = true;
};

MachineOptions MachineOptionsOf(const Scenario& scenario, const PlayOptions& options) {
  return {.cpu_count = scenario.cpu_count,
          .lock_count = scenario.lock_count,
          .lock_type = scenario.lock_type,
          .virtual_machine = scenario.virtual_machine,
          .clock_granularity_ns = scenario.clock_granularity_ns,
          .clock_skew_ns = scenario.clock_skew_ns,
          .slow_by = scenario.slow_by,
          .driver_chooses = scenario.schedule.kind != ScheduleKind::kSwitches,
          .skips_checks = options.skips_checks,
          .trace = options.trace};
}

PlayResult PlayOn(const Scenario& scenario, const PlayOptions& options) {
  static Player player;
  Machine& machine = TheMachine();
  // Made here and not where they are handed over: they are copied there, and a processor that copies at a stroke what it
  // has only just written in pieces waits, together for a twentieth of a small execution.
  const MachineOptions machine_options = MachineOptionsOf(scenario, options);
  const WorldOptions world_options = WorldOptionsOf(scenario);
  player.Load(scenario, options.choices);
  machine.Run(machine_options, player);
  const std::span<const Event> events = machine.events();
  return {.verdict = Judge(events, world_options),
          .steps = machine.steps(),
          .virtual_ns = events.empty() ? 0 : events.back().time_ns};
}

}  // namespace

WorldOptions WorldOptionsOf(const Scenario& scenario) {
  return {.lock_type = scenario.lock_type,
          .cpu_count = scenario.cpu_count,
          .lock_count = scenario.lock_count,
          .virtual_machine = scenario.virtual_machine,
          .clock_granularity_ns = scenario.clock_granularity_ns};
}

PlayResult Play(const Scenario& scenario) { return PlayOn(scenario, {}); }

PlayResult PlayRecordingChoices(const Scenario& scenario, std::vector<Choice>& choices) {
  choices.clear();
  return PlayOn(scenario, {.choices = &choices});
}

PlayResult PlayWithoutSkipping(const Scenario& scenario) { return PlayOn(scenario, {.skips_checks = false}); }

TracedResult PlayTraced(const Scenario& scenario, bool keep_trace) {
  Trace trace(keep_trace);
  TracedResult traced;
  traced.result = PlayOn(scenario, {.trace = &trace});
  traced.trace_hash = trace.hash();
  if (!keep_trace) return traced;
  traced.events.assign(TheMachine().events().begin(), TheMachine().events().end());
  traced.trace = MakeTraceLines(trace, traced.events, *scenario.lock_type);
  traced.records = trace.TakeRecords();
  return traced;
}

}  // namespace rqfuzz
