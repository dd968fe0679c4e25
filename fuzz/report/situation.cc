#include "fuzz/report/situation.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/oracles/waits_for.h"
#include "fuzz/play/location.h"
#include "fuzz/play/trace_lines.h"
#include "fuzz/report/columns.h"
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

// Ended, and broken if it is too long; then its blanks are single ones.
std::string Line(const std::string& text) {
  return text.size() <= kTableWidth ? text + "\n" : Wrapped(text, text.starts_with(' ') ? "  " : "");
}

// The event whose call the verdict is about: of what was left over, the call that left it.
std::size_t AboutEvent(const Execution& execution) {
  const std::size_t decisive = DecisiveEvent(execution);
  return execution.traced.events[decisive].kind == EventKind::kLeftover ? SituationEvent(execution) : decisive;
}

// What one waits for, and whose turn that makes it.
struct Edge {
  std::string label;  // "wants A"
  std::string to;     // "CPU 0 (task)"
};

struct Chain {
  std::string from;
  std::vector<Edge> edges;
  // Where the last edge comes back to: 0 is `from`, i the end of edges[i - 1]. Nothing: nowhere.
  std::optional<std::size_t> back_to;
};

Chain ChainOf(const World& world, const WaitsForPath& path, std::size_t cycle_begin) {
  Chain chain{.from = Who(world.Get(path.front().waiter)), .edges = {}, .back_to = {}};
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0 && i == cycle_begin) chain.back_to = chain.edges.size();
    const Acquire& waiter = world.Get(path[i].waiter);
    const Acquire& on = world.Get(path[i].on);
    const bool is_ahead = on.stage == Stage::kAttempting && !on.took_word && on.lock == waiter.lock;
    const std::string label = waiter.took_word
                                  ? absl::StrCat("must hand over ", LockName(waiter.lock), " to")
                                  : absl::StrCat("wants ", LockName(waiter.lock), is_ahead ? ", behind" : "");
    chain.edges.push_back({label, Who(on)});
    if (path[i].runs == kNobody || world.Get(path[i].runs).depth <= on.depth) continue;
    chain.edges.push_back({"interrupted by", Who(world.Get(path[i].runs))});
  }
  if (cycle_begin == 0) chain.back_to = 0;
  return chain;
}

// "CPU 0 (nmi) --wants A--> CPU 0 (task)"; a cycle has its way back below it:
//   +-> CPU 0 (nmi) --wants A--> CPU 0 (task) --interrupted by--+
//   +-----------------------------------------------------------+
std::string Drawn(const Chain& chain) {
  const std::size_t turn = chain.back_to.value_or(SIZE_MAX);
  std::string line = "  ";
  std::size_t left = line.size();
  const auto add_node = [&](std::size_t index, const std::string& name) {
    if (index == turn) left = line.size();
    absl::StrAppend(&line, index == turn ? "+-> " : "", name);
  };
  add_node(0, chain.from);
  for (std::size_t i = 0; i < chain.edges.size(); ++i) {
    const bool goes_back = chain.back_to.has_value() && i + 1 == chain.edges.size();
    absl::StrAppend(&line, " --", chain.edges[i].label, goes_back ? "--+" : "--> ");
    if (!goes_back) add_node(i + 1, chain.edges[i].to);
  }
  if (!chain.back_to.has_value()) return Wrapped(line, "  ");
  if (line.size() > kTableWidth) return Wrapped(absl::StrCat(line, " (back at +->)"), "  ");
  return absl::StrCat(line, "\n", std::string(left, ' '), "+", std::string(line.size() - left - 2, '-'), "+\n");
}

}  // namespace

int KeepsWordFromZero(const World& world, int acquire) {
  const Acquire& alone = world.Get(acquire);
  if (alone.stage != Stage::kAttempting || alone.role != WaitRole::kNone) return kNobody;
  return world.AttemptInTheWay(alone);
}

Situation::Situation(const Execution& execution)
    : execution_(execution),
      about_event_(AboutEvent(execution)),
      about_(execution.traced.events[about_event_]),
      at_about_(WorldBefore(execution, about_event_)),
      record_(RecordOfEvent(execution, SituationEvent(execution))),
      world_(WorldBefore(execution, SituationEvent(execution))) {}

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
  const std::string for_how_long = absl::StrCat(", for ", Duration(world_.now_ns() - acquire.role_ns), " so far");
  if (acquire.role == WaitRole::kNone) {
    return absl::StrCat("wants ", lock, ", outside its queue, for ", Duration(world_.now_ns() - acquire.begin_ns),
                        " so far");
  }
  if (acquire.role == WaitRole::kQueued && acquire.ahead != kNobody) {
    return absl::StrCat("wants ", lock, ", queued behind ", Who(world_.Get(acquire.ahead)), for_how_long);
  }
  return absl::StrCat("wants ", lock, " as ", std::string(RoleName(acquire.role)), for_how_long);
}

std::string Situation::ViolationBlock() const {
  const int id = at_about_.Current(about_.cpu, about_.depth);
  if (about_.kind == EventKind::kReleaseEnd || id == kNobody || !HasHeldTable(execution_.lock_type())) return {};
  const Acquire& acquire = at_about_.Get(id);
  const bool returns = about_.kind == EventKind::kAcquireEnd;
  std::vector<std::string> really;
  for (const int entry : at_about_.Entries(acquire.cpu)) {
    if (entry != id && at_about_.Holder(at_about_.Get(entry).lock) == entry)
      really.push_back(LockName(at_about_.Get(entry).lock));
  }
  const LockMemory memory = MemoryBefore(execution_, RecordOfEvent(execution_, about_event_));
  std::string text = absl::StrFormat("Attempted lock   = %-4s by %s, %s\n", LockName(acquire.lock), Who(acquire),
                                     returns ? absl::StrCat("returned ", ResultName(about_.result), " after ",
                                                            Duration(about_.time_ns - acquire.begin_ns))
                                             : absl::StrCat("called at ", Duration(acquire.begin_ns)));
  text += Line(absl::StrFormat("Total held locks = %-4d by the table of CPU %d; in truth, below this call: %s",
                               memory.held_count(acquire.cpu), acquire.cpu,
                               really.empty() ? "none" : absl::StrJoin(really, ", ")));
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
    for (auto entry = entries.rbegin(); entry != entries.rend();) {
      const Acquire& acquire = world_.Get(*entry);
      std::string stage = StageText(*entry);
      locks.insert(acquire.lock);
      // What a context just holds shares a line.
      for (++entry; acquire.stage == Stage::kOwning && entry != entries.rend(); ++entry) {
        const Acquire& older = world_.Get(*entry);
        if (older.stage != Stage::kOwning || older.depth != acquire.depth) break;
        absl::StrAppend(&stage, ", ", LockName(older.lock));
        locks.insert(older.lock);
      }
      text += Line(absl::StrFormat("  CPU %d %-8s %s%s%s%s", cpu, ContextName(acquire.context), stage,
                                   acquire.depth < world_.Depth(cpu) ? " (interrupted)" : "",
                                   world_.Stolen(cpu) ? " (CPU stolen)" : "",
                                   world_.Offline(cpu) ? " (CPU offline)" : ""));
    }
  }
  if (locks.empty()) return "  nobody holds or wants a lock\n";
  const LockMemory memory = MemoryBefore(execution_, record_);
  std::vector<std::string> words;
  for (const unsigned lock : locks) words.push_back(absl::StrCat(LockName(lock), " = ", memory.WordText(lock)));
  return text + Line(absl::StrCat("  words (tail,pending,locked): ", absl::StrJoin(words, "; ")));
}

WaitsForPath Situation::PathOfWaits(std::size_t* cycle_begin) const {
  WaitsForPath path;
  if (about() != kNobody) path = FollowWaits(world_, about(), cycle_begin);
  for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count && path.empty(); ++cpu) {
    if (world_.Top(cpu) != kNobody) path = FollowWaits(world_, world_.Top(cpu), cycle_begin);
  }
  return path;
}

// Waits of which the graph knows nothing come first: they are the call's own.
std::string Situation::WaitsForChain() const {
  std::size_t cycle_begin = 0;
  const WaitsForPath path = PathOfWaits(&cycle_begin);
  const bool is_own = about() != kNobody && !path.empty() && path.front().waiter == about();
  if (about() != kNobody && !is_own && world_.Get(about()).stage == Stage::kAttempting) {
    const Acquire& alone = world_.Get(about());
    if (const int below = KeepsWordFromZero(world_, about()); below != kNobody) {
      return Drawn({.from = Who(alone),
                    .edges = {{absl::StrCat("needs word 0 of ", LockName(alone.lock), ", kept from it by"),
                               Who(world_.Get(below))},
                              {"interrupted by", Who(alone)}},
                    .back_to = 0});
    }
    if (const std::string place = PolledPlace(); about_.kind == EventKind::kHang && !place.empty()) {
      return Drawn({.from = Who(alone),
                    .edges = {{absl::StrCat("waits for a store to ", place, " by"), "nobody"}},
                    .back_to = {}});
    }
  }
  return path.empty() ? std::string() : Drawn(ChainOf(world_, path, cycle_begin));
}

std::string Situation::PolledPlace() const {
  const std::vector<TraceRecord>& records = execution_.traced.records;
  for (std::size_t i = record_; i > 0; --i) {
    const TraceRecord& record = records[i - 1];
    if (record.cpu != about_.cpu || record.depth != about_.depth) continue;
    if (record.kind == TraceKind::kLoad) {
      return LocationName(execution_.lock_type(), record.offset, record.bytes);
    }
  }
  return {};
}

std::string Situation::PlaceOf(unsigned cpu, unsigned depth, const CodePositions& positions) const {
  std::string place;
  for (std::size_t i = record_; i > 0; --i) {
    const TraceRecord& record = execution_.traced.records[i - 1];
    if (record.cpu != cpu || record.depth != depth) continue;
    if (record.kind == TraceKind::kEvent) {
      const EventKind kind = execution_.traced.events[record.old_value].kind;
      if (kind == EventKind::kAcquireBegin || kind == EventKind::kReleaseBegin) break;
    }
    if (record.kind == TraceKind::kRelax) return CodePositionText(positions.Of(record));
    if (place.empty() && record.kind != TraceKind::kService) place = CodePositionText(positions.Of(record));
  }
  return place;
}

std::string Situation::CallTraces(const CodePositions& positions) const {
  std::size_t cycle_begin = 0;
  std::set<int> calls = {about()};
  for (const WaitsForStep& step : PathOfWaits(&cycle_begin)) calls.insert({step.waiter, step.on, step.runs});
  std::string text;
  for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count; ++cpu) {
    for (unsigned above = 0; above <= world_.Depth(cpu); ++above) {
      const unsigned depth = world_.Depth(cpu) - above;
      const int id = world_.Current(cpu, depth);
      if (id == kNobody || !calls.contains(id)) continue;
      const std::string frames = PlaceOf(cpu, depth, positions);
      if (!frames.empty()) text += Wrapped(absl::StrCat(Who(world_.Get(id)), ": ", frames), "  ");
    }
  }
  return text;
}

}  // namespace rqfuzz
