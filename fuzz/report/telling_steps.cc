#include "fuzz/report/telling_steps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/waits_for.h"
#include "fuzz/play/location.h"
#include "fuzz/play/trace_lines.h"
#include "fuzz/report/lock_memory.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

struct Words {
  std::string text;  // empty: nothing to tell
  bool is_decisive = false;
  bool is_everywhere = false;
  bool is_detail = false;
};

Words WordWrite(const locks::LockType& type, const Event& event) {
  const locks::WordLayout& layout = type.word;
  const std::string name = LockName(event.lock);
  const std::string word = ValueName(type, event.lock * kLockStride, 4, event.new_value);
  const bool takes = !layout.Locked(event.old_value) && layout.Locked(event.new_value);
  const bool frees = layout.Locked(event.old_value) && !layout.Locked(event.new_value);
  if (takes) return {absl::StrCat("takes ", name, ": ", word)};
  if (frees) return {absl::StrCat("frees ", name, ": ", word)};
  if (layout.HasTickets()) return {absl::StrCat("ticket of ", name, ": ", word)};
  if (layout.Pending(event.old_value) != layout.Pending(event.new_value)) {
    if (layout.Pending(event.new_value)) return {absl::StrCat("sets pending ", name, ": ", word)};
    return {.text = absl::StrCat("clears pending ", name, ": ", word), .is_detail = true};
  }
  if (layout.Tail(event.new_value) == 0) {
    return {.text = absl::StrCat("last in queue, leaves: ", word), .is_detail = true};
  }
  if (layout.Tail(event.old_value) == 0) return {absl::StrCat("heads queue of ", name, ": ", word)};
  return {absl::StrCat("queues for ", name, ": ", word)};
}

Words NodeTouch(const Event& event) {
  if (event.node_access == NodeAccess::kWriteNext) {
    return {.text = absl::StrCat("links behind CPU ", event.node_cpu), .is_detail = true};
  }
  if (event.node_access != NodeAccess::kWriteLocked) return {};
  if (event.new_value == 1) return {absl::StrCat("hands over to CPU ", event.node_cpu)};
  return {absl::StrCat("tells CPU ", event.node_cpu, " to leave"), true};
}

Words WordsOf(const Execution& execution, const Event& event) {
  const locks::LockType& type = execution.lock_type();
  const std::string context(ContextName(event.context));
  switch (event.kind) {
    case EventKind::kAcquireBegin:
      return {.text = absl::StrCat("acquire ", LockName(event.lock)), .is_detail = true};
    case EventKind::kAcquireEnd:
      if (event.result == 0) return {.text = absl::StrCat("owns ", LockName(event.lock)), .is_detail = true};
      return {absl::StrCat("acquire ", LockName(event.lock), " = ", ResultName(event.result)), true};
    case EventKind::kReleaseBegin:
      return {.text = absl::StrCat("release ", LockName(event.lock)), .is_detail = true};
    case EventKind::kContextEnter:
      return {absl::StrCat(context, " comes in"), true};
    case EventKind::kContextExit:
      return {.text = absl::StrCat(context, " returns"), .is_detail = true};
    case EventKind::kWordWrite:
      return WordWrite(type, event);
    case EventKind::kNodeTouch:
      return NodeTouch(event);
    case EventKind::kStealBegin:
      return {"host takes the CPU away", true};
    case EventKind::kStealEnd:
      return {"host gives it back"};
    case EventKind::kOffline:
      return {"goes offline", true};
    case EventKind::kClockJump:
      return {absl::StrCat("clocks jump ", Duration(event.clock_read_ns)), true};
    case EventKind::kScheduled:
      return {"reschedules"};
    case EventKind::kTaskSwitch:
    case EventKind::kMisuse:
    case EventKind::kSpuriousFailure:
    case EventKind::kCorruption:
      return {EventWords(event), true};
    case EventKind::kViolationReport:
      return {absl::StrCat("reports ", ResultName(event.result))};
    case EventKind::kWildAccess:
      return {"touches memory that is not the lock's", true};
    case EventKind::kLeftover:
      return {"at the end, not at rest: ", true, true};
    case EventKind::kHang:
      return {"from here on nothing can change any more", true, true};
    case EventKind::kStepLimit:
      return {"cut short: too many steps", true, true};
    case EventKind::kEnd:
      return {"all CPUs have finished", false, true};
    case EventKind::kReleaseEnd:
    case EventKind::kContentionBegin:
    case EventKind::kContentionEnd:
      return {};
  }
  return {};
}

// Of a slot, whose value is an address, only that it is left.
std::string LeftText(const locks::LockType& type, const Event& event) {
  const bool is_slot = event.leftover == LeftoverPlace::kPerCpu &&
                       type.per_cpu_fields[event.field].role == locks::FieldRole::kTableSlot;
  return is_slot ? absl::StrCat("a slot in the table of CPU ", event.node_cpu) : LeftoverText(type, event);
}

// "waits as pending"; `for_link`: until the one behind it has linked itself.
std::string WaitWords(const Acquire& acquire, bool for_link) {
  const std::string link = for_link ? " for a link" : "";
  if (acquire.took_word) return absl::StrCat("waits as owner", link);
  if (acquire.role == WaitRole::kQueued) return "waits behind the head";
  if (acquire.role == WaitRole::kNone) return "spins outside the queue";
  return absl::StrCat("waits as ", std::string(RoleSlug(acquire.role)), link);
}

// Goes through the records and the state of the world side by side.
class Teller {
 public:
  explicit Teller(const Execution& execution)
      : execution_(execution),
        decisive_event_(DecisiveEvent(execution)),
        culprit_(execution.traced.events[decisive_event_]) {
    world_.Reset(execution.traced.events, WorldOptionsOf(execution.scenario));
    entered_by_.fill(kNobody);
    const World at_verdict = WorldBefore(execution, decisive_event_);
    culprit_acquire_ = at_verdict.Current(culprit_.cpu, culprit_.depth);
    std::size_t cycle_begin = 0;
    if (culprit_acquire_ == kNobody) return;
    for (const WaitsForStep& step : FollowWaits(at_verdict, culprit_acquire_, &cycle_begin)) {
      awaited_.push_back(step.waiter);
    }
  }

  std::vector<TellingStep> Tell() {
    const std::vector<TraceRecord>& records = execution_.traced.records;
    for (std::size_t i = 0; i < records.size(); ++i) {
      LookForReschedule(i);
      switch (records[i].kind) {
        case TraceKind::kEvent:
          OnEvent(i);
          break;
        case TraceKind::kRelax:
          OnRelax(i);
          break;
        case TraceKind::kLoad:
          OnLoad(i);
          break;
        case TraceKind::kStore:
          OnStore(i);
          break;
        case TraceKind::kService:
          OnService(i);
          break;
        default:
          break;
      }
    }
    return std::move(steps_);
  }

 private:
  // The wait that a context is in.
  struct Wait {
    std::size_t step = SIZE_MAX;  // of steps_; SIZE_MAX: none
    std::uint64_t begin_ns = 0;
    std::string words;  // "waits as head"
  };

  TellingStep& Add(std::size_t index, std::string text, bool is_decisive) {
    const TraceRecord& record = execution_.traced.records[index];
    EndWait(waits_[record.cpu][record.depth], record.time_ns);
    steps_.push_back({.record = index,
                      .time_ns = record.time_ns,
                      .cpu = record.cpu,
                      .depth = record.depth,
                      .text = std::move(text),
                      .is_decisive = is_decisive});
    return steps_.back();
  }

  void OnEvent(std::size_t index) {
    const std::size_t number = execution_.traced.records[index].old_value;
    const Event& event = execution_.traced.events[number];
    world_.PassTime(event);
    if (event.kind == EventKind::kHang) OnHang();
    Words words = WordsOf(execution_, event);
    if (event.kind == EventKind::kLeftover) words.text += LeftText(execution_.lock_type(), event);
    const bool is_verdict = number == decisive_event_ && execution_.verdict().kind != VerdictKind::kPass;
    if (is_verdict && words.text.empty()) words.text = absl::StrCat("returns from release of ", LockName(event.lock));
    if (!words.text.empty() && (is_verdict || !SaidWithLast(event))) {
      TellingStep& step = Add(index, std::move(words.text), words.is_decisive || is_verdict);
      step.is_everywhere = words.is_everywhere;
      step.is_detail = words.is_detail;
      step.begins_call = event.kind == EventKind::kAcquireBegin;
      step.is_verdict = is_verdict;
    }
    world_.Apply(event);
  }

  // A word that is taken or freed by what its context did last, and nothing in between, is one step with it.
  bool SaidWithLast(const Event& event) {
    if (steps_.empty() || steps_.back().cpu != event.cpu || steps_.back().depth != event.depth) return false;
    TellingStep& last = steps_.back();
    const std::string name = LockName(event.lock);
    const std::string takes = absl::StrCat("takes ", name, ": ");
    if (event.kind == EventKind::kAcquireEnd && event.result == 0 && last.text.starts_with(takes)) {
      last.text = absl::StrCat("owns ", name, ": ", last.text.substr(takes.size()));
      return true;
    }
    const std::string frees = absl::StrCat("frees ", name, ": ");
    const std::string words =
        event.kind == EventKind::kWordWrite ? WordWrite(execution_.lock_type(), event).text : "";
    if (last.text != absl::StrCat("release ", name) || !words.starts_with(frees)) return false;
    last.text = absl::StrCat("releases ", name, ": ", words.substr(frees.size()));
    last.is_detail = false;
    return true;
  }

  // A wait is one step from its first turn on, whatever nests on top of it.
  void OnRelax(std::size_t index) {
    const TraceRecord& record = execution_.traced.records[index];
    const int id = world_.Current(record.cpu, record.depth);
    if (id == kNobody) return;
    Wait& wait = waits_[record.cpu][record.depth];
    const std::string words = WaitWords(world_.Get(id), polls_link_[record.cpu][record.depth]);
    if (wait.step == SIZE_MAX || wait.words != words) {
      const bool is_awaited = std::find(awaited_.begin(), awaited_.end(), id) != awaited_.end();
      Add(index, {}, id == culprit_acquire_ || is_awaited).is_detail = true;
      wait = {.step = steps_.size() - 1, .begin_ns = record.time_ns, .words = words};
    }
    steps_[wait.step].text = absl::StrCat(wait.words, " ", Duration(record.time_ns - wait.begin_ns));
  }

  // A turn ends with a look at what is waited for, or at tables on the way to an error.
  void OnLoad(std::size_t index) {
    const TraceRecord& record = execution_.traced.records[index];
    const std::optional<PerCpuField> field = PerCpuFieldOf(execution_.lock_type(), record);
    polls_link_[record.cpu][record.depth] = field.has_value() && field->role == locks::FieldRole::kNodeNext;
  }

  // Time that passed after its last turn belongs to a wait as well.
  void EndWait(Wait& wait, std::uint64_t now_ns) {
    if (wait.step == SIZE_MAX) return;
    steps_[wait.step].text = absl::StrCat(wait.words, " ", Duration(now_ns - wait.begin_ns));
    wait.step = SIZE_MAX;
  }

  // What still waits when nothing can change any more.
  void OnHang() {
    for (auto& contexts : waits_) {
      for (Wait& wait : contexts) {
        if (wait.step != SIZE_MAX) steps_[wait.step].text = absl::StrCat(wait.words, ", for ever");
        wait.step = SIZE_MAX;
      }
    }
  }

  void OnStore(std::size_t index) {
    const TraceRecord& record = execution_.traced.records[index];
    const std::optional<PerCpuField> field = PerCpuFieldOf(execution_.lock_type(), record);
    if (!field.has_value() || field->role != locks::FieldRole::kTableSlot || field->cpu != culprit_.cpu) return;
    const std::uint8_t lock = LockOfPointer(record.new_value);
    // One call makes one entry.
    int& entered_by = entered_by_[record.cpu];
    const int id = world_.Current(record.cpu, record.depth);
    const bool is_again = lock != kNoLock && id != kNobody && id == entered_by;
    if (lock != kNoLock) entered_by = id;
    Add(index,
        absl::StrCat("table[", field->index, "] = ", lock == kNoLock ? "none" : LockName(lock),
                     is_again ? " again" : ""),
        is_again)
        .is_detail = true;
  }

  // Masks matter where they are what is wrong.
  void OnService(std::size_t index) {
    const TraceRecord& record = execution_.traced.records[index];
    const std::string_view service = record.service;
    const bool is_mask = service.starts_with("preempt_") || service.starts_with("local_irq_");
    if (!is_mask || execution_.verdict().oracle != "context" || record.cpu != culprit_.cpu) return;
    const bool is_in_vain = service == "preempt_enable" && record.interrupts_off && record.reschedule_due;
    Add(index, absl::StrCat(std::string(service), is_in_vain ? ", interrupts still off" : ""), is_in_vain);
  }

  void LookForReschedule(std::size_t index) {
    const TraceRecord& record = execution_.traced.records[index];
    if (record.reschedule_due && !reschedule_due_[record.cpu]) Add(index, "a reschedule is due", true);
    reschedule_due_[record.cpu] = record.reschedule_due;
  }

  const Execution& execution_;
  std::size_t decisive_event_;
  const Event& culprit_;  // the event at which the verdict showed
  int culprit_acquire_ = kNobody;
  std::vector<int> awaited_;
  World world_;
  std::vector<TellingStep> steps_;
  std::array<std::array<Wait, kContextDepthMax>, kMachineCpusMax> waits_;
  // Whether the context looked last at the link of a queue node.
  std::array<std::array<bool, kContextDepthMax>, kMachineCpusMax> polls_link_ = {};
  std::array<int, kMachineCpusMax> entered_by_;  // the acquire that made the last entry of a table
  std::array<bool, kMachineCpusMax> reschedule_due_ = {};
};

}  // namespace

std::vector<TellingStep> TellingStepsOf(const Execution& execution) { return Teller(execution).Tell(); }

}  // namespace rqfuzz
