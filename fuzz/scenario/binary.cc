#include "fuzz/scenario/binary.h"

#include <algorithm>
#include <string>

#include "fuzz/check.h"
#include "fuzz/scenario/durations.h"
#include "fuzz/scenario/repair.h"

namespace rqfuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Small values have one byte, most of them several, so that a changed byte is likely to be worth trying. Bytes
// from kEscape on say that the exact value follows.
constexpr unsigned kEscape = 0xF0;
constexpr unsigned kShortAccesses = 48;
constexpr unsigned kShortLockCounts = 4;
constexpr unsigned kExactLockCount = 0xC0;
constexpr unsigned kExactDurationBytes = 5;  // 40 bits hold kDurationMax_ns

// The tag of a fault: its kind in four bits, whether its moment is a time, and three bits of detail: the target of a
// switch, where a program is attached, whether an interrupt repeats.
constexpr unsigned kAtTime = 0x10;
constexpr unsigned kRepeats = 7;
constexpr unsigned kAtStep = 7;
// In the byte that describes the machine: settings of the clock and of the CPUs' speed follow the number of locks.
constexpr unsigned kUnusualTime = 0x78;
constexpr unsigned kKeeps = 7;  // in the tag of a release
// In the place of the number of locks, which follows: there is misuse, or a fault with BreaksTheMachine(). Bytes that
// do not begin so have none, so that an engine which changes bytes at random hardly ever makes them.
constexpr unsigned kOptIns = 0xFF;
constexpr unsigned kUncheckedLock = 0x80;  // added to the lock of an acquire
constexpr unsigned kOutOfOrderTag = 0xFA;  // a release
constexpr unsigned kStrayTag = 0xDA;       // a release that closes nothing; entry point and lock follow
static_assert(kOutOfOrderTag % 4 == 2 && kStrayTag % 4 == 2 && kLocksMax <= kUncheckedLock);
// In the place of a fault's kind: the schedule, with its kind for a detail.
constexpr unsigned kScheduleTag = 15;
static_assert(kFaultKinds <= kScheduleTag && kCpusMax <= 8);

enum Record : std::uint8_t { kEnd, kAcquire, kRelease, kWork };

struct HashedType {
  std::uint32_t hash;
  const locks::LockType* type;
};

std::uint32_t Hash(const locks::LockType& type) {
  std::uint32_t hash = 2166136261u;
  const std::string name =
      std::string(type.name) + "/" + std::string(type.revision) + "/" + std::string(type.build);
  for (const char letter : name) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 16777619u;
  return hash;
}

const std::vector<HashedType>& HashedTypes() {
  static const std::vector<HashedType>& table = *[] {
    auto* types = new std::vector<HashedType>;
    for (const locks::LockType& type : locks::AllLockTypes()) {
      for (const HashedType& other : *types) RQFUZZ_CHECK(other.hash != Hash(type));
      types->push_back({Hash(type), &type});
    }
    RQFUZZ_CHECK(!types->empty());
    return types;
  }();
  return table;
}

const locks::LockType* TypeWithHash(std::uint32_t hash) {
  for (const HashedType& row : HashedTypes()) {
    if (row.hash == hash) return row.type;
  }
  return HashedTypes().front().type;
}

// Reads raw values; Repair() brings them into range.
class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> bytes, Scenario& scenario) : bytes_(bytes), scenario_(scenario) {}

  void Run() {
    scenario_.lock_type = TypeWithHash(static_cast<std::uint32_t>(Number(4)));
    const std::uint8_t machine = Byte();
    scenario_.cpu_count = static_cast<std::uint8_t>(1 + machine % kCpusMax);
    scenario_.virtual_machine = (machine & 0x80) != 0;
    std::uint8_t locks = Byte();
    opt_ins_ = locks == kOptIns;
    if (opt_ins_) locks = Byte();
    const unsigned lock_count =
        locks < kExactLockCount ? locks % kShortLockCounts : (locks - kExactLockCount) % kLocksMax;
    scenario_.lock_count = static_cast<std::uint8_t>(1 + lock_count);
    if ((machine & kUnusualTime) == kUnusualTime) ReadTimeSettings();
    for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) ReadProgram(scenario_.programs[cpu]);
    unsigned handlers = 0;
    while (!AtEnd() && scenario_.faults.size() < kFaultsMax) {
      const std::uint8_t tag = Byte();
      if (tag % 16 == kScheduleTag) ReadSchedule(tag);
      if (tag % 16 >= kFaultKinds) continue;
      if (BreaksTheMachine(static_cast<FaultKind>(tag % 16)) && !opt_ins_) continue;
      const Fault fault = ReadFault(tag);
      if (!HasHandler(fault.kind)) {
        scenario_.faults.push_back(fault);
      } else if (handlers < kHandlersMax) {
        scenario_.faults.push_back(fault);
        ReadProgram(scenario_.programs[kCpusMax + handlers++]);
      }
    }
  }

 private:
  bool AtEnd() const { return position_ == bytes_.size(); }
  std::uint8_t Byte() { return AtEnd() ? std::uint8_t{0} : bytes_[position_++]; }

  std::uint64_t Number(unsigned byte_count) {
    std::uint64_t number = 0;
    for (unsigned i = 0; i < byte_count; ++i) number |= static_cast<std::uint64_t>(Byte()) << (8 * i);
    return number;
  }

  std::uint64_t ReadDuration_ns() {
    const std::uint8_t byte = Byte();
    if (byte < kEscape) return kDurations_ns[byte % kDurations_ns.size()];
    return Number(kExactDurationBytes) % (kDurationMax_ns + 1);
  }

  void ReadTimeSettings() {
    scenario_.clock_granularity_ns = ReadDuration_ns();
    for (unsigned cpu = 0; cpu < scenario_.cpu_count; ++cpu) {
      scenario_.clock_skew_ns[cpu] = ReadDuration_ns();
      scenario_.slow_by[cpu] = Byte();
    }
  }

  std::uint16_t ReadAccess() {
    const std::uint8_t byte = Byte();
    if (byte < kEscape) return static_cast<std::uint16_t>(1 + byte % kShortAccesses);
    return static_cast<std::uint16_t>(1 + Number(2) % kAccessMax);
  }

  void ReadProgram(Program& program) {
    for (;;) {
      const std::uint8_t tag = Byte();
      Operation operation;
      switch (tag % 4) {
        case kEnd:
          return;
        case kAcquire:
          operation.kind = OperationKind::kAcquire;
          operation.entry_point = static_cast<EntryPoint>(tag / 4 % 4);
          operation.retries = static_cast<std::uint8_t>(tag / 16);
          operation.lock = Byte();
          operation.unchecked = opt_ins_ && operation.lock >= kUncheckedLock;
          if (operation.unchecked) operation.lock = static_cast<std::uint8_t>(operation.lock - kUncheckedLock);
          break;
        case kRelease:
          operation.kind = OperationKind::kRelease;
          operation.keeps = tag / 4 % 8 == kKeeps;
          operation.out_of_order = opt_ins_ && tag == kOutOfOrderTag;
          if (!opt_ins_ || tag != kStrayTag) break;
          operation.kind = OperationKind::kStrayRelease;
          operation.entry_point = static_cast<EntryPoint>(Byte() % 4);
          operation.lock = Byte();
          break;
        case kWork:
          operation.duration_ns = ReadDuration_ns();
          break;
      }
      if (program.size() < kOperationsMax) program.push_back(operation);
    }
  }

  void ReadSchedule(std::uint8_t tag) {
    scenario_.schedule.kind = static_cast<ScheduleKind>(tag / 32);
    scenario_.schedule.depth = Byte();
    scenario_.schedule.seed = static_cast<std::uint32_t>(Number(4));
  }

  Fault ReadFault(std::uint8_t tag) {
    Fault fault{.kind = static_cast<FaultKind>(tag % 16)};
    const unsigned detail = tag / 32;
    if (fault.kind == FaultKind::kSwitch) fault.target_cpu = static_cast<std::uint8_t>(detail);
    if ((tag & kAtTime) != 0) {
      fault.moment.kind = MomentKind::kTime;
      fault.moment.cpu = Byte();
      fault.moment.time_ns = ReadDuration_ns();
      if (IsInterrupt(fault.kind) && detail == kRepeats) {
        fault.period_ns = std::max(ReadDuration_ns(), kPeriodMin_ns);
        fault.duration_ns = ReadDuration_ns();
      }
    } else if (fault.kind == FaultKind::kProgram && detail != kAtStep) {
      fault.moment.kind = detail % 2 == 0 ? MomentKind::kContentionBegin : MomentKind::kContentionEnd;
    } else {
      fault.moment.program = Byte();
      fault.moment.operation = Byte();
      fault.moment.access = ReadAccess();
    }
    if (HasDuration(fault.kind)) fault.duration_ns = ReadDuration_ns();
    if (fault.kind == FaultKind::kCorruption) {
      fault.corruption.place = static_cast<CorruptedPlace>(Byte() % 4);
      fault.corruption.cpu = Byte();
      fault.corruption.index = Byte();
      fault.corruption.bit = Byte();
    }
    return fault;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
  bool opt_ins_ = false;
  Scenario& scenario_;
};

void WriteNumber(std::uint64_t number, unsigned byte_count, Bytes& bytes) {
  for (unsigned i = 0; i < byte_count; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

void WriteDuration(std::uint64_t duration_ns, Bytes& bytes) {
  const auto row = std::find(kDurations_ns.begin(), kDurations_ns.end(), duration_ns);
  if (row != kDurations_ns.end()) {
    bytes.push_back(static_cast<std::uint8_t>(row - kDurations_ns.begin()));
    return;
  }
  bytes.push_back(kEscape);
  WriteNumber(duration_ns, kExactDurationBytes, bytes);
}

void WriteAccess(unsigned access, Bytes& bytes) {
  if (access <= kShortAccesses) {
    bytes.push_back(static_cast<std::uint8_t>(access - 1));
    return;
  }
  bytes.push_back(kEscape);
  WriteNumber(access - 1, 2, bytes);
}

void WriteProgram(const Program& program, Bytes& bytes) {
  for (const Operation& operation : program) {
    switch (operation.kind) {
      case OperationKind::kAcquire:
        bytes.push_back(static_cast<std::uint8_t>(kAcquire | static_cast<unsigned>(operation.entry_point) << 2 |
                                                  operation.retries << 4));
        bytes.push_back(static_cast<std::uint8_t>(operation.lock + (operation.unchecked ? kUncheckedLock : 0)));
        break;
      case OperationKind::kRelease:
        bytes.push_back(static_cast<std::uint8_t>(
            operation.out_of_order ? kOutOfOrderTag : kRelease | (operation.keeps ? kKeeps << 2 : 0)));
        break;
      case OperationKind::kStrayRelease:
        bytes.push_back(static_cast<std::uint8_t>(kStrayTag));
        bytes.push_back(static_cast<std::uint8_t>(operation.entry_point));
        bytes.push_back(operation.lock);
        break;
      case OperationKind::kWork:
        bytes.push_back(kWork);
        WriteDuration(operation.duration_ns, bytes);
        break;
    }
  }
  bytes.push_back(kEnd);
}

void WriteFault(const Fault& fault, Bytes& bytes) {
  const bool at_time = fault.moment.kind == MomentKind::kTime;
  unsigned detail = fault.target_cpu;
  if (fault.kind == FaultKind::kProgram) {
    detail = IsTracepoint(fault.moment) ? fault.moment.kind == MomentKind::kContentionEnd : kAtStep;
  }
  if (fault.period_ns != 0) detail = kRepeats;
  bytes.push_back(
      static_cast<std::uint8_t>(static_cast<unsigned>(fault.kind) | (at_time ? kAtTime : 0) | detail << 5));
  if (at_time) {
    bytes.push_back(fault.moment.cpu);
    WriteDuration(fault.moment.time_ns, bytes);
    if (fault.period_ns != 0) {
      WriteDuration(fault.period_ns, bytes);
      WriteDuration(fault.duration_ns, bytes);
    }
  } else if (!IsTracepoint(fault.moment)) {
    bytes.push_back(fault.moment.program);
    bytes.push_back(fault.moment.operation);
    WriteAccess(fault.moment.access, bytes);
  }
  if (HasDuration(fault.kind)) WriteDuration(fault.duration_ns, bytes);
  if (fault.kind != FaultKind::kCorruption) return;
  bytes.push_back(static_cast<std::uint8_t>(fault.corruption.place));
  bytes.push_back(fault.corruption.cpu);
  bytes.push_back(fault.corruption.index);
  bytes.push_back(fault.corruption.bit);
}

void WriteSchedule(const Schedule& schedule, Bytes& bytes) {
  if (schedule.kind == ScheduleKind::kSwitches) return;
  bytes.push_back(static_cast<std::uint8_t>(kScheduleTag | static_cast<unsigned>(schedule.kind) << 5));
  bytes.push_back(schedule.depth);
  WriteNumber(schedule.seed, 4, bytes);
}

void Clear(Scenario& scenario) {
  scenario.schedule = {};
  for (Program& program : scenario.programs) program.clear();
  scenario.faults.clear();
  scenario.clock_granularity_ns = 0;
  scenario.clock_skew_ns.fill(0);
  scenario.slow_by.fill(1);
}

void SetEmptyInput(Scenario& scenario) {
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.virtual_machine = false;
  scenario.cpu_count = 2;
  scenario.lock_count = 1;
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    scenario.programs[cpu] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  }
}

}  // namespace

void Decode(std::span<const std::uint8_t> bytes, Scenario& scenario) {
  Clear(scenario);
  if (bytes.empty()) return SetEmptyInput(scenario);
  Decoder(bytes, scenario).Run();
  Repair(scenario);
}

std::vector<std::uint8_t> Encode(const Scenario& scenario) {
  Bytes bytes;
  WriteNumber(Hash(*scenario.lock_type), 4, bytes);
  bytes.push_back(static_cast<std::uint8_t>((scenario.cpu_count - 1) | (scenario.virtual_machine ? 0x80 : 0) |
                                            (HasUnusualTime(scenario) ? kUnusualTime : 0)));
  if (HasOptIns(scenario)) bytes.push_back(kOptIns);
  const unsigned locks = scenario.lock_count - 1u;
  bytes.push_back(static_cast<std::uint8_t>(locks < kShortLockCounts ? locks : kExactLockCount + locks));
  if (HasUnusualTime(scenario)) {
    WriteDuration(scenario.clock_granularity_ns, bytes);
    for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
      WriteDuration(scenario.clock_skew_ns[cpu], bytes);
      bytes.push_back(scenario.slow_by[cpu]);
    }
  }
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) WriteProgram(scenario.programs[cpu], bytes);
  WriteSchedule(scenario.schedule, bytes);
  unsigned handler = 0;
  for (const Fault& fault : scenario.faults) {
    WriteFault(fault, bytes);
    if (HasHandler(fault.kind)) WriteProgram(scenario.programs[kCpusMax + handler++], bytes);
  }
  return bytes;
}

}  // namespace rqfuzz
