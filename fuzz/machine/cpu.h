// The state of one virtual CPU: its stack of contexts, its masks, and where it stands in a wait.
#ifndef FUZZ_MACHINE_CPU_H_
#define FUZZ_MACHINE_CPU_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "fuzz/check.h"
#include "fuzz/machine/event.h"
#include "fuzz/machine/fiber.h"
#include "fuzz/machine/hot.h"
#include "fuzz/machine/memory.h"

namespace rqfuzz {

inline constexpr unsigned kNestedProgramsMax = 4;
// A task, one interrupt of each kind on top of it, and programs nested in any of them.
inline constexpr unsigned kContextDepthMax = 4 + kNestedProgramsMax;
inline constexpr unsigned kPendingInterruptsMax = 32;
// The handler of the interrupt that tells a CPU of a task which has become ready: it has nothing to do.
inline constexpr std::uint8_t kWakeUp = 0xff;
inline constexpr std::uint64_t kNever = UINT64_MAX;

// What the machine knows of a wait with a clock: it mirrors when the waiter looks for deadlocks, because time
// may jump only to moments at which the waiter could act (idle.cc).
struct ClockWait {
  bool has_read = false;              // the clock, in this acquire; otherwise the rest is not set
  std::uint64_t first_reading_ns = 0;  // what the clock said
  std::uint64_t last_reading_ns = 0;
  std::uint64_t last_check_ns = 0;    // what it said when the waiter last looked for deadlocks
  std::uint64_t last_read_ns = 0;     // virtual time of the last reading; 0: none
  std::uint64_t checked_version = 0;  // Hot::version then: looking again before a change tells it nothing new
};

inline constexpr std::uint32_t kNoPoint = UINT32_MAX;

// At this point of what a context counts (StartCount()), the schedule goes on with another CPU; once. If the context
// has to wait just before it, with that CPU instead of the next one. Of several at one point, one is taken each time.
// Lists of them are in rising order of points, and end with one at kNoPoint. A CPU that the machine does not have never
// goes on; it must be one that a machine can have.
struct SwitchPoint {
  std::uint32_t point = kNoPoint;
  std::uint8_t cpu = 0;
  bool taken = false;
};

// The list without any.
inline SwitchPoint no_switches;

struct Cpu;

// One context on a CPU: a task, or an interrupt or a program on top of what was running.
struct ContextFrame {
  ContextKind kind = ContextKind::kTask;
  ContextKind interrupt = ContextKind::kTask;  // the innermost context that is no program, this one included
  std::uint8_t handler = 0;           // whose program an interrupt or a program runs
  bool saved_interrupts_off = false;  // the mask below this context
  std::uint32_t points = 0;           // since StartCount()
  std::uint32_t alarm = kNoPoint;     // the point ahead that the driver wants to see
  std::uint32_t next_look = kNoPoint;          // the first of that and the switches: see Schedule()
  SwitchPoint* next_switch = &no_switches;     // those ahead
  Cpu* next_cpu = nullptr;            // of the first of them
  std::uint64_t wake_ns = 0;          // asleep until then; kNever: halted
  ClockWait wait;

  // To be called whenever the alarm or the switches have changed. `cpus`: all of the machine.
  void Schedule(Cpu* cpus);
};

struct PendingInterrupt {
  ContextKind kind = ContextKind::kNmi;
  std::uint8_t handler = 0;
};

// A task that does not run.
struct Task {
  Fiber fiber;
  ContextFrame frame;
  std::uint8_t handler = 0;  // whose program it runs, unless it is a CPU's own
};

struct Cpu : Standing {  // `context` and `interrupt` are those of the top context
  Fiber fiber;         // of the task that runs
  bool ended = true;   // or offline: it runs again only if a task is woken on it; or the machine does not have it
  bool offline = false;
  bool able = false;  // it runs, or was left at a point, and was neither stolen nor taken offline since: it can run
  bool spinning = false;             // waits in a relax, frozen unless memory has changed
  bool kicked = false;               // since it last halted
  std::uint8_t pending_count = 0;
  std::uint8_t task = 0;  // that runs: index into Machine::tasks_
  std::uint8_t ready_count = 0;
  ContextFrame* frame = nullptr;       // the top context: contexts[depth]
  std::uint64_t point_ns = kPointNs;   // what one of its points takes
  bool probing = false;              // runs on though frozen, until it has read the clock (idle.cc)
  bool probe_read_clock = false;     // in its last probe
  std::uint32_t probe_turns = 0;
  std::uint64_t probed_version = 0;  // Hot::version when it was last probed
  std::uint64_t next_check_ns = 0;   // what the clock must say for a further reading to make it act, as of that probe
  std::uint64_t seen_version = 0;    // Hot::version at its last relax
  std::uint64_t stolen_until_ns = 0;
  std::array<ContextFrame, kContextDepthMax> contexts;
  std::array<PendingInterrupt, kPendingInterruptsMax> pending;
  std::array<std::uint8_t, kExtraTasksMax + 1> ready;  // tasks that wait for this CPU, the next one first

  // Everything as at power-on, with its own task, which has its number, to run; the stack is `bytes` long.
  void Boot(unsigned number, unsigned slow_by, std::byte* stack, std::size_t bytes) {
    static_cast<Standing&>(*this) = Standing{};
    cpu = static_cast<std::uint8_t>(number);
    point_ns = kPointNs * slow_by;
    fiber.stack = stack;
    fiber.stack_bytes = bytes;
    task = cpu;
    ready_count = 0;
    offline = false;
    able = true;
    ended = spinning = kicked = probing = probe_read_clock = false;
    pending_count = 0;
    frame = &contexts[0];
    probe_turns = 0;
    probed_version = next_check_ns = seen_version = stolen_until_ns = 0;
    contexts[0] = ContextFrame{};
  }

  ContextFrame& top() { return *frame; }
  const ContextFrame& top() const { return *frame; }
  // The first of the running context's switches at `point` that was not taken; null: none. REQUIRES: those at earlier
  // points are behind.
  SwitchPoint* SwitchAt(std::uint32_t point) {
    for (SwitchPoint* next = frame->next_switch; next->point == point; ++next) {
      if (!next->taken) return next;
    }
    return nullptr;
  }
  bool InContext(ContextKind kind) const {
    for (unsigned i = 0; i <= depth; ++i) {
      if (contexts[i].kind == kind) return true;
    }
    return false;
  }
  bool InInterrupt() const { return interrupt != ContextKind::kTask; }
  bool RunsProgram(unsigned handler) const {
    for (unsigned i = 1; i <= depth; ++i) {
      if (contexts[i].kind == ContextKind::kProgram && contexts[i].handler == handler) return true;
    }
    return false;
  }
  ContextFrame& Push(ContextKind kind) {
    RQFUZZ_CHECK(depth + 1U < kContextDepthMax);
    frame = &contexts[++depth];
    *frame = ContextFrame{};
    frame->kind = context = kind;
    if (kind != ContextKind::kProgram) interrupt = kind;
    frame->interrupt = interrupt;
    frame->saved_interrupts_off = interrupts_off;
    return *frame;
  }
  void Pop() {
    RQFUZZ_CHECK(depth > 0);
    interrupts_off = top().saved_interrupts_off;
    frame = &contexts[--depth];
    context = frame->kind;
    interrupt = frame->interrupt;
  }
};

inline void ContextFrame::Schedule(Cpu* cpus) {
  next_look = std::min(alarm, next_switch->point);
  // Looked up here, long before it is needed: how soon a CPU can go on waits for one address after the other.
  next_cpu = cpus + next_switch->cpu;
}

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_CPU_H_
