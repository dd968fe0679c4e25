#include "fuzz/play/trace_lines.h"

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "fuzz/machine/memory.h"
#include "fuzz/oracles/world.h"
#include "fuzz/play/location.h"

namespace rqfuzz {
namespace {

std::string_view EntryPointName(std::uint8_t entry_point) {
  constexpr std::string_view kNames[] = {"", " irqsave", " bpf", " bpf-irqsave"};
  return kNames[entry_point % 4];
}

std::string MisuseWords(const Event& event) {
  const std::string lock = LockName(event.lock);
  switch (event.misuse) {
    case Misuse::kOutOfOrder:
      return absl::StrCat("lock ", lock, " is released out of order");
    case Misuse::kStrayRelease:
      return absl::StrCat("lock ", lock, " is released by a stray release");
    case Misuse::kIgnoredError:
      return absl::StrCat("the error of the acquire of ", lock, " is ignored");
  }
  return {};
}

std::string LeftoverName(const locks::LockType& type, const Event& left) {
  switch (left.leftover) {
    case LeftoverPlace::kLock: return absl::StrCat("lock ", LockName(left.lock));
    case LeftoverPlace::kPerCpu:
      return absl::StrCat("cpu ", left.node_cpu, " ", std::string(type.per_cpu_fields[left.field].name));
    case LeftoverPlace::kShared:
      return absl::StrCat(std::string(type.shared_fields[left.field].name), " ", left.node_index);
  }
  return {};
}

std::string_view AccessName(TraceKind kind) {
  switch (kind) {
    case TraceKind::kLoad: return "load";
    case TraceKind::kStore: return "store";
    case TraceKind::kReadModifyWrite: return "read-modify-write";
    case TraceKind::kFence: return "fence";
    case TraceKind::kRelax: return "relax";
    case TraceKind::kClock: return "read clock";
    case TraceKind::kService:
    case TraceKind::kEvent: break;
  }
  return {};
}

bool IsAccess(TraceKind kind) {
  return kind == TraceKind::kLoad || kind == TraceKind::kStore || kind == TraceKind::kReadModifyWrite;
}

}  // namespace

std::string ResultName(int result) {
  switch (result) {
    case 0: return "0";
    case -EDEADLK: return "-EDEADLK";
    case -ETIMEDOUT: return "-ETIMEDOUT";
    case -EBUSY: return "-EBUSY";
    case -EOPNOTSUPP: return "-EOPNOTSUPP";
    default: return absl::StrCat(result);
  }
}

std::string EventWords(const Event& event) {
  const std::string entry_point(EntryPointName(event.entry_point));
  switch (event.kind) {
    case EventKind::kAcquireBegin: return absl::StrCat("acquire ", LockName(event.lock), entry_point);
    case EventKind::kAcquireEnd:
      return absl::StrCat("acquire ", LockName(event.lock), " returns ", ResultName(event.result));
    case EventKind::kReleaseBegin: return absl::StrCat("release ", LockName(event.lock), entry_point);
    case EventKind::kReleaseEnd: return absl::StrCat("release ", LockName(event.lock), " returns");
    case EventKind::kContextEnter: return absl::StrCat(std::string(ContextName(event.context)), " begins");
    case EventKind::kContextExit: return absl::StrCat(std::string(ContextName(event.context)), " ends");
    case EventKind::kStealBegin: return "the host takes the CPU away";
    case EventKind::kStealEnd: return "the host gives the CPU back";
    case EventKind::kOffline: return "the CPU goes offline";
    case EventKind::kClockJump: return "the clock jumps ahead";
    case EventKind::kScheduled: return "the due reschedule is carried out";
    case EventKind::kTaskSwitch:
      if (event.new_value < kMachineCpusMax) return absl::StrCat("the task of cpu ", event.new_value, " goes on");
      return absl::StrCat("task ", event.new_value - kMachineCpusMax, " goes on");
    case EventKind::kMisuse:
      return MisuseWords(event);
    case EventKind::kSpuriousFailure:
      return "the compare-and-swap that follows fails for no reason";
    case EventKind::kCorruption:
      if (event.lock != kNoLock)
        return absl::StrCat("bit ", event.new_value, " of lock ", LockName(event.lock), " flips");
      return absl::StrCat("bit ", event.new_value, " of node ", event.node_index, " of cpu ", event.node_cpu,
                          " flips");
    case EventKind::kViolationReport:
      return absl::StrCat("reports ", ResultName(event.result), ", ", event.new_value, " locks held");
    case EventKind::kWildAccess: return "accesses memory that is not the lock's";
    case EventKind::kHang: return "nothing can change any more";
    case EventKind::kStepLimit: return "cut short: too many steps";
    case EventKind::kEnd: return "all CPUs have finished";
    case EventKind::kLeftover: return "not at rest";
    case EventKind::kWordWrite:
    case EventKind::kNodeTouch:
    case EventKind::kContentionBegin:
    case EventKind::kContentionEnd: return {};
  }
  return {};
}

std::string LeftoverText(const locks::LockType& type, const Event& left) {
  if (left.leftover != LeftoverPlace::kLock) return absl::StrCat(LeftoverName(type, left), " ", left.new_value);
  return absl::StrCat(LeftoverName(type, left), " ", ValueName(type, left.lock * kLockStride, 4, left.new_value));
}

std::vector<TraceLine> MakeTraceLines(const Trace& trace, std::span<const Event> events,
                                      const locks::LockType& type) {
  std::vector<TraceLine> lines;
  for (const TraceRecord& record : trace.records()) {
    TraceLine line;
    line.record = static_cast<std::uint32_t>(&record - trace.records().data());
    line.step = record.step;
    line.time_ns = record.time_ns;
    line.cpu = record.cpu;
    line.depth = record.depth;
    line.context = std::string(ContextName(record.context));
    if (record.kind == TraceKind::kEvent) {
      line.action = EventWords(events[record.old_value]);
      if (line.action.empty()) continue;
      if (events[record.old_value].kind == EventKind::kLeftover) {
        const Event& left = events[record.old_value];
        line.location = LeftoverName(type, left);
      }
    } else if (record.kind == TraceKind::kService) {
      line.action = record.service;
    } else {
      line.action = std::string(AccessName(record.kind));
    }
    if (IsAccess(record.kind)) {
      line.is_access = true;
      line.location = LocationName(type, record.offset, record.bytes);
      line.old_value = ValueName(type, record.offset, record.bytes, record.old_value);
      line.new_value = ValueName(type, record.offset, record.bytes, record.new_value);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace rqfuzz
