// A scenario: what the CPUs of the machine do, who runs when, and what goes wrong. It is the input of
// everything else; engines choose it, the machine plays it, a person reads it (text form: text.h).
//
// Invariants of a valid scenario (Validate() in validate.h checks them, decoding and parsing establish them):
//  1. 1 <= cpu_count <= kCpusMax, 1 <= lock_count <= kLocksMax, lock_type is not null.
//  2. Programs [0, cpu_count) belong to the CPUs; program kCpusMax + h belongs to handler h; the other CPU
//     programs are empty. There is one handler for each fault with HasHandler(), in the order of `faults`.
//  3. In each program acquires and releases are strictly nested: a release names the lock of the innermost
//     acquire that is still open, and none is open at the end. A lock may be open twice (that is AA). A release that
//     is out of order still closes the innermost section, but names, and releases, the lock of the section around it;
//     the one that stays open in its place has that lock's release.
//  4. A moment names an operation that exists, or a CPU below cpu_count. A handler's moment lies in a CPU's
//     program or in that of an earlier handler.
//  5. No two interrupts have the same moment.
//  6. Tracepoints are moments of programs only. A program whose moment is an access belongs to an acquire or a
//     release of a lock that runs programs at any step.
//  7. An interrupt repeats only if its moment is a time; then kPeriodMin_ns <= period_ns <= duration_ns, and
//     duration_ns <= kRepeatsMax * period_ns.
//  8. Only CPUs keep locks, and a section in which a lock is kept keeps its own: unlocks stay in reverse order.
//     No release that is out of order gives back a lock that is to be kept.
//  9. The clock's settings are at most kClockGranularityMax_ns and kClockSkewMax_ns; CPUs that are not there have no
//     skew and are slow by 1, as CPUs of ordinary speed are.
// 10. A corrupted bit exists: of a word 0 to 31, of a node's count or locked field likewise, of its next pointer
//     kPointerBitMin to 63; lock, CPU and node exist.
#ifndef FUZZ_SCENARIO_SCENARIO_H_
#define FUZZ_SCENARIO_SCENARIO_H_

#include <array>
#include <cstdint>

#include <boost/container/static_vector.hpp>

#include "lock/lock_type.h"

namespace rqfuzz {

inline constexpr unsigned kCpusMax = 8;
inline constexpr unsigned kLocksMax = 40;
inline constexpr unsigned kHandlersMax = 16;
inline constexpr unsigned kProgramsMax = kCpusMax + kHandlersMax;
inline constexpr unsigned kOperationsMax = 96;  // in one program
inline constexpr unsigned kFaultsMax = 64;
inline constexpr std::uint64_t kDurationMax_ns = 10'000'000'000;  // 10 s, of any duration or time
inline constexpr unsigned kAccessMax = 60'000;
inline constexpr unsigned kRetriesMax = 15;
inline constexpr std::uint64_t kClockGranularityMax_ns = 10'000'000;
inline constexpr std::uint64_t kClockSkewMax_ns = 1'000'000;
inline constexpr unsigned kSlowMax = 64;
inline constexpr unsigned kTracingProgramsMax = 4;              // faults of kind kProgram
inline constexpr std::uint64_t kPeriodMin_ns = 1'000;           // of an interrupt storm
inline constexpr unsigned kRepeatsMax = 100;                    // of an interrupt, after the first
inline constexpr unsigned kTasksMax = 3;                        // faults of kind kTask
inline constexpr unsigned kNodesMax = 4;                        // queue nodes of a CPU
// Pointers to nodes are multiples of 8: memory has no nodes at other addresses.
inline constexpr unsigned kPointerBitMin = 3;
inline constexpr unsigned kPctDepthMax = 8;

// kStrayRelease is misuse: the release of a lock whatever the caller holds. It closes nothing.
enum class OperationKind : std::uint8_t { kAcquire, kRelease, kWork, kStrayRelease };

// Whether the operation is a call of the lock.
constexpr bool MakesSteps(OperationKind kind) { return kind != OperationKind::kWork; }

// Section 9 of the lock's description. A release uses the entry point of the acquire that it closes.
enum class EntryPoint : std::uint8_t { kRaw, kIrqsave, kBpf, kBpfIrqsave };

// When an acquire returns an error it is tried again up to `retries` times; then the caller gives up: it goes
// on after the matching release, unless it is unchecked.
struct Operation {
  OperationKind kind = OperationKind::kWork;
  std::uint8_t lock = 0;                         // all but work
  EntryPoint entry_point = EntryPoint::kRaw;     // acquire, stray release
  std::uint8_t retries = 0;                      // acquire
  bool unchecked = false;  // acquire (misuse): after an error the section is entered all the same
  bool keeps = false;                            // release: none takes place; the caller keeps the lock for ever
  bool out_of_order = false;  // release (misuse): of the lock acquired last but one, not of the last
  std::uint64_t duration_ns = 0;                 // work
  bool operator==(const Operation&) const = default;
};

using Program = boost::container::static_vector<Operation, kOperationsMax>;

enum class MomentKind : std::uint8_t { kAccess, kTime, kContentionBegin, kContentionEnd };

// When something happens. kAccess: just before scheduling point `access` (the first is 1) of an operation, the
// points of interrupts and programs on top of it not counted. It happens once, when that point is first reached, even
// in a handler that runs several times (only a tracing program attached there runs each time); never, if the
// operation makes fewer points.
// kTime: when virtual time reaches `time_ns`, on `cpu`, wherever that CPU is.
// kContentionBegin, kContentionEnd: whenever any CPU comes to that tracepoint of the lock, in any context.
struct Moment {
  MomentKind kind = MomentKind::kAccess;
  std::uint8_t program = 0;     // kAccess: index into Scenario::programs
  std::uint8_t operation = 0;   // kAccess: index into the program
  std::uint8_t cpu = 0;         // kTime
  std::uint16_t access = 1;     // kAccess
  std::uint64_t time_ns = 0;    // kTime
  bool operator==(const Moment&) const = default;
};

// A switch at an access is taken there, or when the context has to wait just before it or ends there (so an access more
// than the last operation makes is one as well): then its CPU goes on instead of the next one. Of several at one moment,
// one is taken each time that the context is there, in the order of the scenario.
enum class FaultKind : std::uint8_t {
  kSwitch,   // schedule: go on with CPU `target_cpu`, if it can run; see below
  kNmi,      // an interrupt runs its handler's program on the CPU of the moment
  kHardirq,  //   as soon as the CPU's masks allow it
  kSoftirq,
  kSteal,       // the host takes the CPU of the moment away for `duration_ns`
  kReschedule,  // a reschedule becomes due on the CPU of the moment
  kOffline,     // the CPU of the moment stops for good
  kClockJump,   // from then on every CPU's clock reads `duration_ns` more; virtual time itself does not jump
  kProgram,     // a tracing program runs nested in what comes to the moment, unless its CPU runs it already
  kTask,        // another task becomes ready on the CPU of the moment, told so by an interrupt; see injectors/task.cc
  kSpuriousFailure,  // the next compare-and-swap of the CPU whose value matches fails all the same
  kCorruption,       // a bit of a lock word or of a queue node flips
};
inline constexpr FaultKind kLastFaultKind = FaultKind::kCorruption;
inline constexpr unsigned kFaultKinds = static_cast<unsigned>(kLastFaultKind) + 1;

constexpr bool IsInterrupt(FaultKind kind) {
  return kind == FaultKind::kNmi || kind == FaultKind::kHardirq || kind == FaultKind::kSoftirq;
}

// Whether the fault has a program of its own.
constexpr bool HasHandler(FaultKind kind) {
  return IsInterrupt(kind) || kind == FaultKind::kProgram || kind == FaultKind::kTask;
}

// Whether no machine that the lock is made for does this: a scenario with such a fault is drawn only on request.
constexpr bool BreaksTheMachine(FaultKind kind) {
  return kind == FaultKind::kSpuriousFailure || kind == FaultKind::kCorruption;
}

// Whether it always lasts for, or amounts to, a duration.
constexpr bool HasDuration(FaultKind kind) { return kind == FaultKind::kSteal || kind == FaultKind::kClockJump; }

constexpr bool IsTracepoint(const Moment& moment) {
  return moment.kind == MomentKind::kContentionBegin || moment.kind == MomentKind::kContentionEnd;
}

// What a corruption changes: a lock's word, or a field of a queue node.
enum class CorruptedPlace : std::uint8_t { kWord, kNodeNext, kNodeLocked, kNodeCount };

struct Corruption {
  CorruptedPlace place = CorruptedPlace::kWord;
  std::uint8_t cpu = 0;    // of the node
  std::uint8_t index = 0;  // of the lock or of the node
  std::uint8_t bit = 0;
  bool operator==(const Corruption&) const = default;
};

struct Fault {
  FaultKind kind = FaultKind::kSwitch;
  Moment moment;
  std::uint8_t target_cpu = 0;     // kSwitch
  std::uint64_t duration_ns = 0;   // kSteal, kClockJump; interrupts that repeat: until that long after the moment
  std::uint64_t period_ns = 0;     // interrupts: raised again every so often; 0: once
  Corruption corruption;           // kCorruption
  bool operator==(const Fault&) const = default;
};

// Who goes on where more than one CPU can. kSwitches: the one that runs, until it cannot or a fault says otherwise.
// The others are drawn at every scheduling point; see fuzz/play/schedule_chooser.h.
enum class ScheduleKind : std::uint8_t { kSwitches, kUniform, kPct, kPos, kSurw };
inline constexpr ScheduleKind kLastScheduleKind = ScheduleKind::kSurw;

struct Schedule {
  ScheduleKind kind = ScheduleKind::kSwitches;
  std::uint8_t depth = 0;   // kPct: 1 to kPctDepthMax
  std::uint32_t seed = 0;   // all but kSwitches
  bool operator==(const Schedule&) const = default;
};

struct Scenario {
  const locks::LockType* lock_type = nullptr;
  bool virtual_machine = false;  // resilient_virt_spin_lock_enabled()
  std::uint8_t cpu_count = 1;
  std::uint8_t lock_count = 1;
  std::uint64_t clock_granularity_ns = 0;             // readings are rounded down to a multiple of it; 0: exact
  std::array<std::uint64_t, kCpusMax> clock_skew_ns{};  // what each CPU's clock is ahead of virtual time
  // How many times as long as an ordinary CPU each takes for a scheduling point.
  std::array<std::uint8_t, kCpusMax> slow_by = {1, 1, 1, 1, 1, 1, 1, 1};
  Schedule schedule;
  std::array<Program, kProgramsMax> programs;
  boost::container::static_vector<Fault, kFaultsMax> faults;
  bool operator==(const Scenario&) const = default;
};

// Whether the clock or a CPU's speed is not the ordinary one.
bool HasUnusualTime(const Scenario& scenario);
// How many faults with a handler the scenario has.
unsigned HandlerCount(const Scenario& scenario);
// How many of the faults are of this kind.
unsigned FaultCount(const Scenario& scenario, FaultKind kind);
// Whether a caller breaks the rule that releases come in reverse order, releases what it does not hold, or ignores an
// error; and whether this or a fault with BreaksTheMachine() is there: what is drawn only on request.
bool HasMisuse(const Scenario& scenario);
bool HasOptIns(const Scenario& scenario);
// The fault that starts handler `handler`. REQUIRES: handler < HandlerCount().
const Fault& FaultOfHandler(const Scenario& scenario, unsigned handler);
// The CPU on which a moment lies: that of its program, followed through handlers, or the one it names. Tracing
// programs at a tracepoint run on any CPU: 0 stands for them.
unsigned CpuOfMoment(const Scenario& scenario, const Moment& moment);
// Index of the release that closes the section of the acquire at `acquire`. REQUIRES: the program is strictly nested.
unsigned MatchingRelease(const Program& program, unsigned acquire);
// Gives each release the lock that it releases, after a change. REQUIRES: strictly nested; a release that is out of
// order has a section around that which it closes.
void NameReleases(Program& program);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_SCENARIO_H_
