// The pretend machine: up to eight virtual CPUs on fibers of one host thread, their contexts, interrupts and
// masks, and virtual time. It runs whatever its driver tells each CPU to run, offers what injectors need, and
// records events for the oracles.
//
// Invariants:
//  1. Exactly one CPU runs at a time; control passes only at scheduling points (hot.h), in services (lock/
//     services.h) and in Sleep().
//  2. The CPU that runs goes on until it is told to switch, sleeps, halts, ends, is stolen, or is *frozen*: it has
//  done
//     a whole turn of a wait loop, and nobody has changed memory since its last relax. Then the CPU of a switch at
//     its next point runs or, if there is none or that one cannot, the next in cyclic order that can.
//  3. Virtual time moves by kPointNs at each point, and jumps only when no CPU can run; see idle.cc.
//  4. Everything is a function of the options and of what the driver does.
//
// There is one machine in a process, as there is one set of entry points that the lock calls: TheMachine().
// Callers: the player drives it, injectors call the section named for them, the entry points of the lock call
// the rest.
#ifndef FUZZ_MACHINE_MACHINE_H_
#define FUZZ_MACHINE_MACHINE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/machine/cpu.h"
#include "fuzz/machine/driver.h"
#include "fuzz/machine/event.h"
#include "fuzz/machine/fiber.h"
#include "fuzz/machine/hot.h"
#include "fuzz/machine/machine_options.h"
#include "fuzz/machine/memory.h"
#include "fuzz/machine/trace.h"
#include "lock/lock_type.h"
#include "lock/services.h"

namespace rqfuzz {

// Points after which an execution is cut short: many times what any wait takes that the contract bounds. Locks that
// look at the clock rarely get more of them.
inline constexpr std::uint32_t kStepsMax = 2'000'000;
inline constexpr std::uint32_t kStepsMaxOfRareChecks = 200'000'000;
inline constexpr std::uint32_t kEventsMax = 1U << 16;
inline constexpr std::uint32_t kEventsOfEnd = 512;  // of them, kept for those that end an execution

// What a scheduling point comes before.
struct Access {
  std::uintptr_t offset = kNoAccess;  // in the machine's memory
  bool writes = false;                // or may write
};

class Machine {
 public:
  // Runs every CPU to its end, or until the execution hangs or is cut short. The events stay until the next run.
  void Run(const MachineOptions& options, Driver& driver);
  std::span<const Event> events() const { return {events_.data(), next_event_}; }
  std::uint64_t steps() const { return steps_; }

  // ---- For the driver, on the fiber of the CPU that runs.
  // The running context begins something whose points are counted from one; OnAlarm() comes at point `alarm`
  // (0: never). At the `switches`, a list, it makes way for another CPU, as after Prefer(); or before, if it must wait
  // there. Each is taken once. They must stay until the next StartCount().
  void StartCount(unsigned alarm, SwitchPoint* switches = &no_switches);
  // Moves the alarm of the running context; at most the current point: never.
  void SetAlarm(unsigned point);
  // The points of the running context since StartCount(). REQUIRES, here and in steps(): in a call of the driver or
  // after Run().
  unsigned CurrentPoint() const { return Current().top().points; }
  // The CPUs that can run, as a mask; the one that runs can.
  unsigned RunnableCpus() const;
  // Those that have neither ended nor gone offline.
  unsigned LiveCpus() const;
  // In OnAlarm(): what the point comes before.
  const Access& NextAccess() const { return next_access_; }
  // The running context begins an acquire: what was known of its last wait is forgotten.
  void StartAcquire() { Current().top().wait = ClockWait{}; }
  // Of the CPU that runs, as its data says.
  unsigned QueueNodesInUse() const;
  // Works for `duration_ns` of virtual time: a point, then others run.
  void Sleep(std::uint64_t duration_ns);
  // Records an event of this kind for the running context: who and when is known.
  void Emit(EventKind kind, const EventDetails& details = {}) { EmitFor(Current(), kind, details); }
  const ClockWait& CurrentWait() const { return Current().top().wait; }

  // ---- For injectors.
  // After what happens at this point, `cpu` goes on instead of the running one, if it can run.
  void Prefer(unsigned cpu) {
    preferred_cpu_ = cpu;
    disturbed_ = true;
  }
  bool HasPreference() const { return preferred_cpu_ != kMachineCpusMax; }
  // An interrupt arrives on `cpu`; its handler runs when the CPU next runs with it unmasked. Until then the
  // processor remembers that it came, not how often: of one handler there is one pending instance, more are lost.
  void RaiseInterrupt(unsigned cpu, ContextKind kind, unsigned handler);
  // Runs a tracing program nested in the running context, which it shares (in_nmi() is what it was) but for
  // preemption, which is disabled. Nothing happens if `handler` runs as a program on this CPU already.
  // REQUIRES: at most kNestedProgramsMax handlers are ever run so.
  void RunProgram(unsigned handler);
  // The host takes `cpu` away until `duration_ns` from now.
  void Steal(unsigned cpu, std::uint64_t duration_ns);
  // `cpu` stops for good, wherever it is. The execution ends when all others have finished.
  void TakeOffline(unsigned cpu);
  // From now on every clock reads `duration_ns` more than virtual time says.
  void JumpClock(std::uint64_t duration_ns);
  // A reschedule becomes due on `cpu`.
  void MakeRescheduleDue(unsigned cpu) { cpus_[cpu].reschedule_due = true; }
  // A task begins its life on `cpu`, as the last of those that are ready there: a reschedule becomes due, and a
  // hardware interrupt tells the CPU so. Tasks take turns, one for each reschedule that is carried out; one that ends
  // makes way for the next. A CPU that has come to its end is idle and runs the task; but whose task has kept a lock
  // stays with it. REQUIRES: at most kExtraTasksMax tasks are ever woken.
  void WakeTask(unsigned cpu, unsigned handler);
  // From here on the lock may write anywhere, because its memory or its caller is not what it should be: all of the
  // machine's memory is cleared before the next execution.
  void ExpectStrayWrites() { memory_is_soiled_ = true; }
  // The next compare-and-swap on `cpu` whose value matches fails.
  void FailNextCas(unsigned cpu);
  // Flips a bit of the word of `lock`. REQUIRES: bit < 32.
  void CorruptWord(unsigned lock, unsigned bit);
  // Flips a bit of a field of queue node `index` of `cpu`. Nothing happens if the lock has no such field, or if a
  // pointer would come to name the stacks of the machine, which no memory of a kernel stands for.
  void CorruptNode(unsigned cpu, unsigned index, locks::FieldRole role, unsigned bit);

  // ---- For the lock's services and the entry points of its memory accesses.
  void OnSlowPoint(Access next);
  void OnRelax();
  std::uint64_t ReadClock();
  void PreemptDisable() { ++Current().preempt_count; }
  void PreemptEnable();
  bool InterruptsOff() const { return Current().interrupts_off; }
  void SetInterruptsOff(bool off);
  // The CPU sleeps while `*byte` is `value`, until it is kicked or has run an interrupt.
  void Halt(const std::uint8_t* byte, std::uint8_t value);
  void Kick(unsigned cpu);
  bool IsStolen(unsigned cpu) const { return cpus_[cpu].stolen_until_ns > NowNs(); }
  // Whether this compare-and-swap of the CPU that runs is the one to fail. Once.
  bool FailsForNoReason();
  bool InNmi() const { return Current().InContext(ContextKind::kNmi); }
  unsigned cpu_count() const { return options_.cpu_count; }
  const MachineOptions& options() const { return options_; }
  void EmitContention(const void* lock, EventKind kind, int error);
  void OnViolationReport(const kernel::ViolationReport& report);
  void OnWordWrite(unsigned lock, std::uint32_t old_value, std::uint32_t new_value);
  void OnRemoteAccess(std::uintptr_t offset, bool is_write, std::uint64_t value);
  // An access outside the machine's memory: ends the execution.
  [[noreturn]] void OnWildAccess(std::uintptr_t address);
  // A plain store is about to change the word of `lock`; it is looked at after the next point.
  void ExpectWordWrite(unsigned lock);
  // `code`: where the lock's code goes on afterwards. REQUIRES: Hot::traced.
  void TraceStep(TraceKind kind, std::uint64_t offset, unsigned bytes, std::uint64_t old_value,
                 std::uint64_t new_value, const char* service, const void* code);

 private:
  static void FiberMain();
  Cpu& Current() { return *current_; }
  const Cpu& Current() const { return *current_; }

  void Reset(const MachineOptions& options, Driver& driver);
  void ClearAfterLastRun();
  void SetLockType(const locks::LockType& type);  // what is known of its memory
  // Brings the counts of points and time to where they are now. The next point is looked at, unless SetCountdown()
  // follows. "Synced" below: nothing is counted ahead.
  void Sync();
  void SetCountdown();  // counts ahead up to the next point that must be looked at. REQUIRES: synced
  std::uint64_t PointsToLook() const;  // that pass until `look_ns_`. REQUIRES: synced
  void CountAnew(unsigned alarm);  // StartCount(), whatever is to be looked at
  void PlanLook();      // sets `look_ns_`; whenever what it depends on has changed. REQUIRES: synced
  // At a point that is looked at: what concerns the machine, and what the running context has to do there. The latter
  // returns who is to go on; null: that was not said here.
  void LookAtMachine();
  [[gnu::noinline]] Cpu* LookAtContext(Access next);
  // The same where a switch is all there is to look at, which is usual; null: it is not, and nothing was done.
  Cpu* TakeLoneSwitch(ContextFrame& frame);
  // Lets take effect what was done to the running CPU, or by Prefer(), since the last point looked at. Returns likewise.
  Cpu* Settle();
  void LookAtExpectedWord();
  [[noreturn, gnu::always_inline]] void EndExecution();

  // Contexts.
  void DeliverInterrupts();
  bool Deliverable(const Cpu& cpu, ContextKind kind) const;
  bool HasDeliverable(const Cpu& cpu) const;
  void RunNested(ContextKind kind, unsigned handler);
  void Reschedule();
  // tasks.cc
  void SwitchTask(bool ends);   // to the next one that is ready; returns when this one goes on
  [[noreturn, gnu::always_inline]] void EndTask();  // of the one that runs
  unsigned NumberOf(unsigned task) const {
    return task < kMachineCpusMax ? task : kMachineCpusMax + tasks_[task].handler;
  }

  // Scheduling and time: idle.cc.
  bool CanRun(const Cpu& cpu) const;  // REQUIRES: synced
  unsigned NextInCycle(unsigned cpu) const { return cpu + 1 == options_.cpu_count ? 0 : cpu + 1; }
  unsigned NextRunnable();                 // kMachineCpusMax: none
  void SetCurrent(Cpu& cpu);
  // `from`, which runs, makes way for `to`, and this returns when it goes on. REQUIRES: synced.
  [[gnu::always_inline]] void Jump(Cpu& from, Cpu& to);
  // The running CPU cannot go on: lets others, or time, move.
  void Yield();
  // The same for a task that has ended: inlined, like EndTask(), Finish() and EndExecution(), so that no call is left
  // behind of which a processor expects a return.
  [[gnu::always_inline]] void GiveWay();
  unsigned Advance();                      // nobody can run: probe or jump in time; returns who runs then
  unsigned StartProbe();                   // kMachineCpusMax: nobody is left to probe
  bool EndsProbe(Cpu& cpu) const;          // of a CPU that is probing and has come to a relax
  std::uint64_t NextMomentNs() const;
  // Virtual time at which the clock of `cpu` says what it waits for; kNever: nothing.
  std::uint64_t NextCheckAtNs(unsigned cpu) const;
  [[noreturn, gnu::always_inline]] void Finish();  // no CPU is left
  [[noreturn]] void ReportHang();
  void JumpTo(std::uint64_t time_ns);
  void HandleTime();
  void EmitFor(const Cpu& cpu, EventKind kind, const EventDetails& details = {});  // for its top context
  // What is to be done before an event where they are traced or run out. It saves all registers itself, so that nobody
  // else has to.
  void BeforeEvent(const Cpu& cpu, EventKind kind) __attribute__((noinline, cold, preserve_most));
  // leftovers.cc: PrepareLeftovers() once for a lock type, then EmitLeftovers() at the end of an execution.
  void PrepareLeftovers(const locks::LockType& type);
  bool PerCpuAtRest(unsigned cpu) const;
  void EmitLeftovers();

  MachineOptions options_;
  Driver* driver_ = nullptr;
  std::array<Cpu, kMachineCpusMax> cpus_;
  std::array<Task, kMachineTasksMax> tasks_;  // CPUs' own first; of those that run, only `handler` counts
  unsigned woken_count_ = 0;                  // tasks beyond the CPUs' own
  std::array<bool, kMachineCpusMax> fails_next_cas_{};
  bool memory_is_soiled_ = false;     // anything may have been written to anywhere
  std::uint32_t dirty_blocks_ = 0;    // of per-CPU data, those that the last run may have left other than zero, as a mask
  Cpu* current_ = &cpus_[0];  // the one that runs: hot.cpu; see SetCurrent()
  Fiber host_;
  std::uint64_t steps_ = 0;
  std::uint64_t steps_max_ = 0;
  std::uint64_t jumped_ns_ = 0;          // virtual time that passed in jumps
  std::uint64_t clock_ahead_ns_ = 0;     // what jumps of the clock have added to it
  std::uint64_t wake_next_ns_ = kNever;  // earliest end of a steal, or the driver's next time
  std::uint64_t look_ns_ = 0;  // LookAtMachine() is due at the first point that finds it this late; 0: at the next one
  unsigned preferred_cpu_ = kMachineCpusMax;  // kMachineCpusMax: none
  bool disturbed_ = false;  // something awaits Settle()
  Access next_access_;
  std::uint32_t probe_turns_max_ = 0;    // turns after which every loop that ends by counting has ended
  unsigned running_count_ = 0;           // CPUs that have neither ended nor gone offline
  int expected_word_lock_ = -1;
  std::uint32_t expected_word_old_ = 0;
  // Where queue nodes and their count lie in a CPU's data, from the lock type.
  static constexpr std::size_t kNone = SIZE_MAX;
  std::size_t node_count_begin_ = kNone;
  std::size_t nodes_begin_ = 0;
  std::size_t nodes_end_ = 0;
  std::size_t per_cpu_bytes_ = 0;
  std::size_t shared_bytes_ = 0;
  std::array<std::uint64_t, kernel::kPerCpuBytes / 8> rest_mask_;  // bits of a CPU's data that are 0 at rest
  Event* next_event_ = nullptr;  // in `events_`
  Event* usual_events_end_ = nullptr;  // from here on BeforeEvent() comes first
  std::vector<Event> events_;
};

[[gnu::always_inline]] inline void Machine::EmitFor(const Cpu& cpu, EventKind kind, const EventDetails& details) {
  if (next_event_ >= usual_events_end_) [[unlikely]] BeforeEvent(cpu, kind);
  Event& event = *next_event_++;
  // Not as one with the masks: a processor that reads several bytes as one, of which it has just written a part, must
  // wait for the write.
  static_cast<Running&>(event) = cpu;
  event.interrupts_off = cpu.interrupts_off;
  event.reschedule_due = cpu.reschedule_due;
  event.preempt_count = cpu.preempt_count;
  static_cast<EventDetails&>(event) = details;
  event.time_ns = NowNs();
  event.jumped_ns = jumped_ns_;
  event.step = static_cast<std::uint32_t>(steps_ - PointsAhead());
  event.kind = kind;
}

inline void Machine::StartCount(unsigned alarm, SwitchPoint* switches) {
  ContextFrame& frame = Current().top();
  frame.next_switch = switches;
  if (alarm != 0 || switches->point != kNoPoint || frame.next_look != kNoPoint) return CountAnew(alarm);
  frame.points = static_cast<std::uint32_t>(PointsAhead());  // nothing is to be looked at, before or now
}

inline unsigned Machine::QueueNodesInUse() const {
  if (node_count_begin_ == kNone) return 0;
  return *reinterpret_cast<const unsigned*>(PerCpuAddress(hot.cpu) + node_count_begin_);
}

inline bool Machine::CanRun(const Cpu& cpu) const {
  if (cpu.able) return true;
  if (cpu.ended || cpu.stolen_until_ns > hot.base_ns) return false;
  if (cpu.pending_count != 0 && HasDeliverable(cpu)) return true;
  return cpu.top().wake_ns <= hot.base_ns && !(cpu.spinning && cpu.seen_version == hot.version);
}

extern Machine the_machine;
inline Machine& TheMachine() { return the_machine; }

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_MACHINE_H_
