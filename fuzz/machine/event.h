// What the machine tells the oracles: everything that happened in one execution, in order.
#ifndef FUZZ_MACHINE_EVENT_H_
#define FUZZ_MACHINE_EVENT_H_

#include <cstdint>

namespace rqfuzz {

// What runs on a CPU, in rising order of who may interrupt whom. A program interrupts nobody: it runs nested in what
// comes to the point that it is attached to.
enum class ContextKind : std::uint8_t { kTask, kSoftirq, kHardirq, kNmi, kProgram };

enum class EventKind : std::uint8_t {
  kAcquireBegin,  // a caller enters an acquire of `lock`
  kAcquireEnd,    // it returned `result`
  kReleaseBegin,  // a caller enters the release of `lock`
  kReleaseEnd,    // it returned
  kContextEnter,  // an interrupt or a program begins on top of what the CPU ran; `context` and `depth` are its own;
                  // `new_value` is its handler
  kContextExit,   // it ends
  kWordWrite,     // the word of `lock` changed from `old_value` to `new_value`
  kNodeTouch,     // the CPU read or wrote a queue node of another CPU: `node_cpu`, `node_index`, `field`
  kWildAccess,    // an access outside the memory of the machine; the execution ends here
  kStealBegin,    // the host takes the CPU away
  kStealEnd,      // and gives it back
  kOffline,       // the CPU stops for good
  kClockJump,     // from here on every clock reads `clock_read_ns` more
  kScheduled,     // a due reschedule was carried out
  kTaskSwitch,    // another task goes on: `new_value` instead of `old_value`. Below kMachineCpusMax: that CPU's own
  kMisuse,        // the caller breaks a rule for callers: `misuse`, of `lock`
  kSpuriousFailure,  // a compare-and-swap whose value matches fails
  kCorruption,       // bit `new_value` flips of the word of `lock` or, if that is kNoLock, of `field`
                     // of queue node `node_index` of `node_cpu`
  kContentionBegin,  // tracepoints
  kContentionEnd,    // `result`: the error it was told
  kViolationReport,  // a BPF entry point reports a failed acquire: `result`, locks held in `new_value`
  kLeftover,         // at the end: a field that should be at rest holds `new_value`; `leftover`, `field`, and `lock`
                     // or `node_cpu`
  kHang,             // nothing can change any more, and an acquire or release has not returned; bit c of
                     // `new_value`: CPU c still reads the clock
  kStepLimit,        // the execution was cut short after `kStepsMax` scheduling points
  kEnd,              // every CPU has finished
};

inline constexpr unsigned kEventKinds = static_cast<unsigned>(EventKind::kEnd) + 1;

// What of a queue node was touched.
enum class NodeAccess : std::uint8_t { kRead, kWriteNext, kWriteLocked, kWriteOther };

// Which of the lock type's lists of fields a leftover is in.
enum class LeftoverPlace : std::uint8_t { kLock, kPerCpu, kShared };

enum class Misuse : std::uint8_t {
  kOutOfOrder,    // the release that begins now is not of the lock acquired last
  kStrayRelease,  // the caller releases without asking itself whether it holds the lock
  kIgnoredError,  // the acquire has failed, and the caller enters the section all the same
};

inline constexpr std::uint8_t kNoLock = 0xff;

// What runs on a CPU.
struct Running {
  std::uint8_t cpu = 0;
  std::uint8_t depth = 0;  // contexts below this one on its CPU
  ContextKind context = ContextKind::kTask;
  ContextKind interrupt = ContextKind::kTask;  // the innermost context that is no program: what in_nmi() goes by
};

// And with which masks. Of acquires and releases: as they are before kAcquireBegin and kReleaseBegin, and after ...End.
struct Standing : Running {
  bool interrupts_off = false;
  bool reschedule_due = false;
  std::uint8_t preempt_count = 0;
};

// What else there is to say, for the kinds that say it.
struct EventDetails {
  std::uint64_t clock_read_ns = 0;  // kAcquireEnd: when this acquire last read the clock, in virtual time; 0: never
  std::uint32_t old_value = 0;
  std::uint32_t new_value = 0;
  std::uint8_t lock = kNoLock;
  std::uint8_t entry_point = 0;         // of acquire and release: EntryPoint of the scenario
  std::uint8_t queue_nodes = 0;         // kAcquireBegin: nodes in use on this CPU
  Misuse misuse = Misuse::kOutOfOrder;  // kMisuse
  std::int16_t result = 0;
  // None of the events of a call says any of these, so they come together: they are all set to 0 at once.
  std::uint8_t node_cpu = 0;
  std::uint8_t node_index = 0;
  NodeAccess node_access = NodeAccess::kRead;
  std::uint8_t field = 0;  // kLeftover: index into that list; kCorruption: into the list of per-CPU fields
  LeftoverPlace leftover = LeftoverPlace::kLock;
};

struct Event : Standing, EventDetails {
  std::uint64_t time_ns = 0;    // on the machine's clock
  std::uint64_t jumped_ns = 0;  // the part of it that passed in jumps, while no CPU could run; the rest are points
  std::uint32_t step = 0;       // scheduling points so far
  EventKind kind = EventKind::kEnd;
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_EVENT_H_
