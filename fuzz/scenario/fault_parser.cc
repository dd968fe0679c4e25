#include "fuzz/scenario/fault_parser.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

constexpr std::array<std::string_view, 6> kPrograms = {"cpu", "nmi", "hardirq", "softirq", "program", "task"};
constexpr std::array<FaultKind, 6> kHandlerKinds = {FaultKind::kSwitch,  FaultKind::kNmi,     FaultKind::kHardirq,
                                                    FaultKind::kSoftirq, FaultKind::kProgram, FaultKind::kTask};
constexpr std::array<std::string_view, 4> kOperations = {"acquire", "release", "work", "stray-release"};
constexpr std::array<std::string_view, 2> kMoments = {"in", "on"};
constexpr std::array<std::string_view, 2> kClockSettings = {"granularity", "skew"};
constexpr std::array<std::string_view, 2> kCorruptedThings = {"lock", "cpu"};
constexpr std::array<std::string_view, 3> kNodeFields = {"next", "locked", "count"};
constexpr std::array<std::string_view, 2> kAttachments = {"at", "in"};
constexpr std::array<std::string_view, 2> kTracepoints = {"contention-begin", "contention-end"};

std::string Numbered(FaultKind kind, unsigned handler) {
  return std::string(FaultWord(kind)) + " " + std::to_string(handler);
}

}  // namespace

bool FaultParser::Fail(Position position, std::string what, std::string mend) {
  error_ = {position, std::move(what), std::move(mend)};
  return false;
}

bool FaultParser::Parse(LineReader& reader, Program*& program) {
  if (reader.Peek() == "clock" || reader.Peek() == "slow") return ParseTimeSetting(reader);
  if (reader.Peek() == "schedule") return ParseSchedule(reader);
  Fault fault;
  WrittenMoment written{.position = reader.position()};
  std::size_t kind = 0;
  if (!reader.TakeOneOf(FaultWords(), kind)) return false;
  fault.kind = static_cast<FaultKind>(kind);
  if (scenario_.faults.size() == kFaultsMax) {
    return Fail(written.position, "too many faults", "at most " + std::to_string(kFaultsMax));
  }
  const unsigned handlers = HandlerCount(scenario_);
  const bool has_handler = HasHandler(fault.kind);
  if (has_handler && handlers == kHandlersMax) {
    return Fail(written.position, "too many interrupts, programs and tasks",
                "at most " + std::to_string(kHandlersMax));
  }
  if (fault.kind == FaultKind::kTask && FaultCount(scenario_, FaultKind::kTask) == kTasksMax) {
    return Fail(written.position, "too many tasks",
                "at most " + std::to_string(kTasksMax) + " besides the CPUs' own");
  }
  if (has_handler && !ParseHandlerNumber(reader, handlers)) return false;
  const bool attached = fault.kind == FaultKind::kProgram;
  if (attached ? !ParseAttachment(reader, written) : !ParseMoment(reader, written)) return false;
  if (IsInterrupt(fault.kind) && !ParseRepetition(reader, written, fault)) return false;
  if (fault.kind == FaultKind::kSwitch && !ParseTargetCpu(reader, "to", fault.target_cpu)) return false;
  if (fault.kind == FaultKind::kSteal && !(reader.TakeWord("for") && reader.TakeDuration(fault.duration_ns))) {
    return false;
  }
  if (fault.kind == FaultKind::kClockJump && !(reader.TakeWord("by") && reader.TakeDuration(fault.duration_ns))) {
    return false;
  }
  if (fault.kind == FaultKind::kCorruption && !ParseCorruption(reader, fault.corruption)) return false;
  const std::size_t index = scenario_.faults.size();
  const bool declared = written.handler_kind == FaultKind::kSwitch || written.number < handlers;
  if (has_handler && !declared) {
    return Fail(written.number_position,
                Numbered(written.handler_kind, written.number) + " is not declared before this line",
                "an interrupt, a program or a task can only come in a CPU's program or in that of an earlier one of "
                "them");
  }
  fault.moment = written.moment;
  scenario_.faults.push_back(fault);
  if (has_handler) program = &scenario_.programs[kCpusMax + handlers];
  if (declared) return Resolve(written, index);
  scenario_.faults.back().moment.program = kProgramsMax;  // none: it is like no other moment until it is resolved
  pending_.push_back({index, written});
  return true;
}

bool FaultParser::Finish() {
  return std::all_of(pending_.begin(), pending_.end(),
                     [this](const Pending& pending) { return Resolve(pending.written, pending.fault); });
}

bool FaultParser::ParseHandlerNumber(LineReader& reader, unsigned handler) {
  const Position position = reader.position();
  unsigned number = 0;
  if (!reader.TakeNumber("interrupt", 0, kHandlersMax - 1, number)) return false;
  if (number == handler) return true;
  return Fail(position, "interrupt " + std::to_string(number) + " is out of order",
              "interrupts, programs and tasks are numbered in the order of the file, whatever their kind; this is " +
                  std::to_string(handler));
}

template <typename T>
bool FaultParser::SetOnce(Position position, T& setting, T usual, T value) {
  if (setting != usual) return Fail(position, "this is already set", "remove one of the two lines");
  setting = value;
  return true;
}

bool FaultParser::ParseTimeSetting(LineReader& reader) {
  const Position position = reader.position();
  std::uint8_t cpu = 0;
  if (reader.TryWord("slow")) {
    unsigned factor = 0;
    if (!ParseTargetCpu(reader, nullptr, cpu) || !reader.TakeWord("by")) return false;
    if (!reader.TakeNumber("times", 2, kSlowMax, factor)) return false;
    return SetOnce<std::uint8_t>(position, scenario_.slow_by[cpu], 1, static_cast<std::uint8_t>(factor));
  }
  std::size_t which = 0;
  reader.TryWord("clock");
  if (!reader.TakeOneOf(kClockSettings, which)) return false;
  const bool skew = which == 1;
  if (skew && !ParseTargetCpu(reader, nullptr, cpu)) return false;
  const Position place = reader.position();
  std::uint64_t duration_ns = 0;
  if (!reader.TakeDuration(duration_ns)) return false;
  const std::uint64_t longest_ns = skew ? kClockSkewMax_ns : kClockGranularityMax_ns;
  if (duration_ns == 0 || duration_ns > longest_ns) {
    return Fail(place, "the clock's setting is out of range", "write 1ns to " + DurationText(longest_ns));
  }
  std::uint64_t& setting = skew ? scenario_.clock_skew_ns[cpu] : scenario_.clock_granularity_ns;
  return SetOnce<std::uint64_t>(position, setting, 0, duration_ns);
}

// of lock A bit 8; of cpu 1 node 0 next bit 12.
bool FaultParser::ParseCorruption(LineReader& reader, Corruption& corruption) {
  std::size_t thing = 0;
  unsigned lowest = 0;
  unsigned highest = 31;
  if (!reader.TakeWord("of") || !reader.TakeOneOf(kCorruptedThings, thing)) return false;
  if (thing == 0) {
    if (!reader.TakeLock(scenario_.lock_count, corruption.index)) return false;
  } else {
    unsigned number = 0;
    std::size_t field = 0;
    if (!reader.TakeNumber("CPU", 0, scenario_.cpu_count - 1u, number)) return false;
    corruption.cpu = static_cast<std::uint8_t>(number);
    if (!reader.TakeWord("node") || !reader.TakeNumber("node", 0, kNodesMax - 1, number)) return false;
    corruption.index = static_cast<std::uint8_t>(number);
    if (!reader.TakeOneOf(kNodeFields, field)) return false;
    corruption.place = static_cast<CorruptedPlace>(field + 1);
    if (corruption.place == CorruptedPlace::kNodeNext) {
      lowest = kPointerBitMin;
      highest = 63;
    }
  }
  unsigned bit = 0;
  if (!reader.TakeWord("bit") || !reader.TakeNumber("bit", lowest, highest, bit)) return false;
  corruption.bit = static_cast<std::uint8_t>(bit);
  return true;
}

bool FaultParser::ParseSchedule(LineReader& reader) {
  const Position position = reader.position();
  reader.TryWord("schedule");
  // Explicit switches are lines of their own.
  const std::span<const std::string_view> drawn = ScheduleWords().subspan(1);
  std::size_t kind = 0;
  if (!reader.TakeOneOf(drawn, kind)) return false;
  Schedule schedule{.kind = static_cast<ScheduleKind>(kind + 1)};
  unsigned depth = 0;
  if (schedule.kind == ScheduleKind::kPct &&
      !(reader.TakeWord("depth") && reader.TakeNumber("depth", 1, kPctDepthMax, depth))) {
    return false;
  }
  schedule.depth = static_cast<std::uint8_t>(depth);
  if (!reader.TakeWord("seed") || !reader.TakeNumber("seed", 0, UINT32_MAX, schedule.seed)) return false;
  return SetOnce(position, scenario_.schedule, Schedule{}, schedule);
}

bool FaultParser::ParseAttachment(LineReader& reader, WrittenMoment& written) {
  if (FaultCount(scenario_, FaultKind::kProgram) == kTracingProgramsMax) {
    return Fail(written.position, "too many programs", "at most " + std::to_string(kTracingProgramsMax));
  }
  const Position position = reader.position();
  if (reader.TryWord("at")) {
    std::size_t tracepoint = 0;
    if (!reader.TakeOneOf(kTracepoints, tracepoint)) return false;
    written.moment.kind = tracepoint == 0 ? MomentKind::kContentionBegin : MomentKind::kContentionEnd;
    return true;
  }
  if (reader.Peek() != "in") return reader.FailUnknown(kAttachments);
  if (!scenario_.lock_type->runs_programs_at_any_step) {
    return Fail(position, "this revision runs programs at tracepoints only",
                "write 'at contention-begin' or 'at contention-end'");
  }
  if (!ParseMoment(reader, written)) return false;
  if (MakesSteps(written.operation.kind)) return true;
  return Fail(written.operation_position, "a program can only be attached to a step of the lock",
              "name an acquire or a release");
}

bool FaultParser::ParseRepetition(LineReader& reader, const WrittenMoment& written, Fault& fault) {
  const Position position = reader.position();
  if (!reader.TryWord("every")) return true;
  if (written.moment.kind != MomentKind::kTime) {
    return Fail(position, "only an interrupt at a time can repeat", "write 'on cpu 0 at 1ms every 10us for 100us'");
  }
  Position place = reader.position();
  if (!reader.TakeDuration(fault.period_ns)) return false;
  if (fault.period_ns < kPeriodMin_ns) {
    return Fail(place, "the interrupt repeats too fast", "write at least " + DurationText(kPeriodMin_ns));
  }
  if (!reader.TakeWord("for")) return false;
  place = reader.position();
  if (!reader.TakeDuration(fault.duration_ns)) return false;
  const std::uint64_t longest_ns = std::min(fault.period_ns * kRepeatsMax, kDurationMax_ns);
  if (fault.duration_ns >= fault.period_ns && fault.duration_ns <= longest_ns) return true;
  return Fail(place, "the interrupt repeats too often or not at all",
              "write " + DurationText(fault.period_ns) + " to " + DurationText(longest_ns));
}

bool FaultParser::ParseMoment(LineReader& reader, WrittenMoment& written) {
  std::size_t which = 0;
  if (!reader.TakeOneOf(kMoments, which)) return false;
  if (which == 1) {
    written.moment.kind = MomentKind::kTime;
    return ParseTargetCpu(reader, nullptr, written.moment.cpu) && reader.TakeWord("at") &&
           reader.TakeDuration(written.moment.time_ns);
  }
  std::size_t program = 0;
  if (!reader.TakeOneOf(kPrograms, program)) return false;
  written.handler_kind = kHandlerKinds[program];
  written.number_position = reader.position();
  const bool is_cpu = program == 0;
  const unsigned high = is_cpu ? scenario_.cpu_count - 1u : kHandlersMax - 1;
  if (!reader.TakeNumber(is_cpu ? "CPU" : "interrupt", 0, high, written.number)) return false;
  if (!ParseOperation(reader, written)) return false;
  unsigned access = 0;
  if (!reader.TakeWord("access") || !reader.TakeNumber("access", 1, kAccessMax, access)) return false;
  written.moment.access = static_cast<std::uint16_t>(access);
  return true;
}

bool FaultParser::ParseOperation(LineReader& reader, WrittenMoment& written) {
  written.operation_position = reader.position();
  std::size_t kind = 0;
  if (!reader.TakeOneOf(kOperations, kind)) return false;
  written.operation.kind = static_cast<OperationKind>(kind);
  if (written.operation.kind != OperationKind::kWork &&
      !reader.TakeLock(scenario_.lock_count, written.operation.lock)) {
    return false;
  }
  return reader.TakeOrdinal(kOperationsMax, written.ordinal);
}

bool FaultParser::ParseTargetCpu(LineReader& reader, const char* preposition, std::uint8_t& cpu) {
  unsigned number = 0;
  if (preposition != nullptr && !reader.TakeWord(preposition)) return false;
  if (!reader.TakeWord("cpu") || !reader.TakeNumber("CPU", 0, scenario_.cpu_count - 1u, number)) return false;
  cpu = static_cast<std::uint8_t>(number);
  return true;
}

bool FaultParser::Resolve(const WrittenMoment& written, std::size_t index) {
  Moment& moment = scenario_.faults[index].moment;
  if (moment.kind == MomentKind::kAccess && !FindOperation(written, moment)) return false;
  return CheckMomentIsFree(written, index);
}

bool FaultParser::FindOperation(const WrittenMoment& written, Moment& moment) {
  const bool in_handler = written.handler_kind != FaultKind::kSwitch;
  if (in_handler && written.number >= HandlerCount(scenario_)) {
    return Fail(written.number_position, Numbered(written.handler_kind, written.number) + " is not declared",
                "add that interrupt, or correct the number");
  }
  if (in_handler && FaultOfHandler(scenario_, written.number).kind != written.handler_kind) {
    const FaultKind kind = FaultOfHandler(scenario_, written.number).kind;
    return Fail(written.number_position, "interrupt " + std::to_string(written.number) + " is of another kind",
                "write '" + Numbered(kind, written.number) + "'");
  }
  const unsigned program = written.number + (in_handler ? kCpusMax : 0);
  unsigned ordinal = 0;
  unsigned operation = 0;
  for (const Operation& candidate : scenario_.programs[program]) {
    if (candidate.kind == written.operation.kind && candidate.lock == written.operation.lock) ++ordinal;
    if (ordinal == written.ordinal) break;
    ++operation;
  }
  if (ordinal < written.ordinal) {
    return Fail(written.operation_position, "no such operation in that program",
                ordinal == 0 ? "name one of its lines" : "it has only " + std::to_string(ordinal) + " of these");
  }
  moment.program = static_cast<std::uint8_t>(program);
  moment.operation = static_cast<std::uint8_t>(operation);
  return true;
}

bool FaultParser::CheckMomentIsFree(const WrittenMoment& written, std::size_t index) {
  const Fault& fault = scenario_.faults[index];
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
    const Fault& other = scenario_.faults[i];
    if (i == index || other.moment != fault.moment) continue;
    if (IsInterrupt(fault.kind) && IsInterrupt(other.kind)) {
      return Fail(written.position, "two interrupts at one moment", "change the access or the time of one of them");
    }
  }
  return true;
}

}  // namespace rqfuzz
