#include "fuzz/report/situation.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/engines/trace_lines.h"
#include "fuzz/oracles/waits_for.h"
#include "fuzz/report/lock_memory.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

bool HasHeldTable(const locks::LockType& type) {
  return std::any_of(type.per_cpu_fields.begin(), type.per_cpu_fields.end(),
                     [](const locks::Field& field) { return field.role == locks::FieldRole::kTableCount; });
}

LockMemory MemoryBefore(const Execution& execution, std::size_t record) {
  LockMemory memory(execution.lock_type());
  for (std::size_t i = 0; i < record; ++i) {
    const TraceRecord& step = execution.traced.records[i];
    memory.Apply(step, step.kind == TraceKind::kEvent ? &execution.traced.events[step.old_value] : nullptr);
  }
  return memory;
}

}  // namespace

Situation::Situation(const Execution& execution, std::size_t event)
    : execution_(execution),
      event_(execution.traced.events[event]),
      record_(RecordOfEvent(execution, event)),
      world_(WorldBefore(execution, event)) {}

std::string Situation::StageText(int id) const {
  const Acquire& acquire = world_.Get(id);
  const std::string lock = LockName(acquire.lock);
  switch (acquire.stage) {
    case Stage::kOwning:
      return absl::StrCat("holds ", lock);
    case Stage::kReleasing:
      return absl::StrCat("is releasing ", lock, acquire.freed_word ? ", word freed" : ", word not freed yet");
    case Stage::kAttempting:
      break;
    case Stage::kGone:
      return {};
  }
  if (acquire.took_word) return absl::StrCat("has taken ", lock, ", call not returned");
  if (acquire.role == WaitRole::kNone) return absl::StrCat("wants ", lock, ", not queued");
  std::string text =
      absl::StrCat("wants ", lock, " as ", std::string(RoleName(acquire.role)), " since ", Duration(acquire.role_ns));
  if (acquire.role == WaitRole::kQueued && acquire.ahead != kNobody) {
    absl::StrAppend(&text, ", behind ", Who(world_.Get(acquire.ahead)));
  }
  return text;
}

std::string Situation::ViolationBlock() const {
  const int id = CurrentAcquire();
  if (event_.kind == EventKind::kReleaseEnd || id == kNobody || !HasHeldTable(execution_.lock_type())) return {};
  const Acquire& acquire = world_.Get(id);
  const bool returns = event_.kind == EventKind::kAcquireEnd;
  std::vector<std::string> really;
  for (const int entry : world_.Entries(acquire.cpu)) {
    if (entry != id && world_.Holder(world_.Get(entry).lock) == entry)
      really.push_back(LockName(world_.Get(entry).lock));
  }
  const LockMemory memory = MemoryBefore(execution_, record_);
  std::string text = absl::StrFormat("Attempted lock   = %-4s %s, %s\n", LockName(acquire.lock), Who(acquire),
                                     returns ? absl::StrCat("returned ", ResultName(event_.result), " after ",
                                                            Duration(event_.time_ns - acquire.begin_ns))
                                             : absl::StrCat("called at ", Duration(acquire.begin_ns)));
  absl::StrAppendFormat(&text, "Total held locks = %-4d in the table of CPU %d; in truth below this call: %s\n",
                        memory.held_count(acquire.cpu), acquire.cpu,
                        really.empty() ? "none" : absl::StrJoin(really, ", "));
  unsigned slot = 0;
  for (const std::uint8_t lock : memory.HeldLocksOf(acquire.cpu)) {
    absl::StrAppendFormat(&text, "Held lock[%2d]    = %s\n", slot++, lock == kNoLock ? "none" : LockName(lock));
  }
  return text;
}

std::string Situation::HoldersAndWaiters() const {
  std::string text;
  std::set<unsigned> locks;
  for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count; ++cpu) {
    const std::vector<int>& entries = world_.Entries(cpu);
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      const Acquire& acquire = world_.Get(*entry);
      locks.insert(acquire.lock);
      absl::StrAppendFormat(&text, "  CPU %d %-8s %s%s%s%s\n", cpu, ContextName(acquire.context), StageText(*entry),
                            acquire.depth < world_.Depth(cpu) ? " (interrupted)" : "",
                            world_.Stolen(cpu) ? " (CPU stolen)" : "", world_.Offline(cpu) ? " (CPU offline)" : "");
    }
  }
  if (locks.empty()) return "  nobody holds or wants a lock\n";
  const LockMemory memory = MemoryBefore(execution_, record_);
  std::vector<std::string> words;
  for (const unsigned lock : locks) words.push_back(absl::StrCat(LockName(lock), " = ", memory.WordText(lock)));
  absl::StrAppend(&text, "  words (tail,pending,locked): ", absl::StrJoin(words, "  "), "\n");
  return text;
}

std::string Situation::WaitsForChain() const {
  std::size_t cycle_begin = 0;
  WaitsForPath path;
  if (const int id = CurrentAcquire(); id != kNobody) path = FollowWaits(world_, id, &cycle_begin);
  for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count && path.empty(); ++cpu) {
    if (world_.Top(cpu) != kNobody) path = FollowWaits(world_, world_.Top(cpu), &cycle_begin);
  }
  if (path.empty()) return {};
  std::string text = "  " + Who(world_.Get(path.front().waiter));
  for (const WaitsForStep& step : path) {
    const Acquire& on = world_.Get(step.on);
    absl::StrAppend(&text, " --", LockName(world_.Get(step.waiter).lock), "--> ", Who(on));
    const bool ends_here = &step == &path.back() && cycle_begin == path.size();
    if (ends_here || step.runs == kNobody || step.runs == step.on) continue;
    const Acquire& runs = world_.Get(step.runs);
    absl::StrAppend(&text,
                    runs.depth > on.depth ? absl::StrCat(" --interrupted by--> ", Who(runs)) : ", which waits:");
  }
  if (cycle_begin < path.size()) {
    absl::StrAppend(&text, "   (a cycle: back at ", Who(world_.Get(path[cycle_begin].waiter)), ")");
  }
  return text + "\n";
}

std::string Situation::CallTraces(const CodePositions& positions) const {
  std::string text;
  for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count; ++cpu) {
    for (int depth = static_cast<int>(world_.Depth(cpu)); depth >= 0; --depth) {
      const int id = world_.Current(cpu, static_cast<unsigned>(depth));
      if (id == kNobody) continue;
      const std::vector<TraceRecord>& records = execution_.traced.records;
      const auto last = std::find_if(std::reverse_iterator(records.begin() + static_cast<std::ptrdiff_t>(record_)),
                                     records.rend(), [&](const TraceRecord& record) {
                                       return record.cpu == cpu && record.depth == depth && record.code != nullptr;
                                     });
      if (last == records.rend()) continue;
      const std::string frames = CodePositionText(positions.Of(*last));
      if (frames.empty()) continue;
      absl::StrAppendFormat(&text, "  CPU %d %-8s %s\n", cpu, ContextName(world_.Get(id).context), frames);
    }
  }
  return text;
}

}  // namespace rqfuzz
