#include "fuzz/report/execution_json.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/waits_for.h"
#include "fuzz/report/code_position.h"
#include "fuzz/report/lock_memory.h"
#include "fuzz/report/situation.h"
#include "fuzz/report/telling_steps.h"
#include "fuzz/report/why.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStepColumns[] = {"step",          "time_ns",        "cpu", "depth", "context",
                                        "action",        "location",       "old", "new",   "interrupts_off",
                                        "preempt_count", "reschedule_due", "code"};

// Gives each string a number, 0 to the empty one.
class Strings {
 public:
  Strings() { Number(""); }
  std::size_t Number(const std::string& text) {
    const auto [found, is_new] = numbers_.try_emplace(text, all_.size());
    if (is_new) all_.push_back(text);
    return found->second;
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;  // looked up, never gone through
  std::vector<std::string> all_;
};

// Notes of each lock, table and the graph, after which row they changed to what.
class Changes {
 public:
  Changes(const Execution& execution, Strings& strings)
      : execution_(execution), strings_(strings), memory_(execution.lock_type()) {
    world_.Reset(execution.traced.events, WorldOptionsOf(execution.scenario));
  }

  void Apply(const TraceRecord& record, std::size_t row) {
    const Event* event = nullptr;
    if (record.kind == TraceKind::kEvent) {
      event = &execution_.traced.events[record.old_value];
      world_.PassTime(*event);
      world_.Apply(*event);
    }
    memory_.Apply(record, event);
    if (event != nullptr) NoteWorld(row);
    if (event == nullptr && record.kind == TraceKind::kStore) NoteTables(row);
  }

  Json words = Json::array();
  Json queues = Json::array();
  Json tables = Json::array();
  Json waits = Json::array();

 private:
  std::size_t Name(int id) { return id == kNobody ? 0 : strings_.Number(Who(world_.Get(id))); }

  // Appends [row, index, ...value] unless the last value of that index was the same.
  void Note(Json& list, std::vector<Json>& last, std::size_t row, std::size_t index, Json value) {
    if (last.size() <= index) last.resize(index + 1);
    if (last[index] == value) return;
    last[index] = value;
    list.push_back({row, index, std::move(value)});
  }

  void NoteWorld(std::size_t row) {
    for (unsigned lock = 0; lock < execution_.scenario.lock_count; ++lock) {
      Note(words, last_words_, row, lock, strings_.Number(memory_.WordText(lock)));
      Json queue = Json::array();
      for (const int id : world_.Queue(lock)) queue.push_back(Name(id));
      Note(queues, last_queues_, row, lock, {Name(world_.Holder(lock)), Name(world_.PendingWaiter(lock)), queue});
    }
    Note(waits, last_waits_, row, 0, Edges());
  }

  void NoteTables(std::size_t row) {
    for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count; ++cpu) {
      Json held = Json::array();
      for (const std::uint8_t lock : memory_.HeldLocksOf(cpu)) {
        held.push_back(strings_.Number(lock == kNoLock ? "none" : LockName(lock)));
      }
      Note(tables, last_tables_, row, cpu, std::move(held));
    }
  }

  // [waiter, awaited, why] of each edge of the waits-for graph.
  Json Edges() {
    Json edges = Json::array();
    for (unsigned cpu = 0; cpu < execution_.scenario.cpu_count; ++cpu) {
      const int top = world_.Top(cpu);
      for (unsigned depth = 0; depth < world_.Depth(cpu); ++depth) {
        const int below = world_.Current(cpu, depth);
        if (below == kNobody || top == kNobody) continue;
        edges.push_back({Name(below), Name(top), strings_.Number("interrupted by")});
      }
      if (top == kNobody) continue;
      std::size_t cycle_begin = 0;
      const WaitsForPath path = FollowWaits(world_, top, &cycle_begin);
      const Acquire& waiter = world_.Get(top);
      if (const int below = KeepsWordFromZero(world_, top); path.empty() && below != kNobody) {
        const std::string why = absl::StrCat("word of lock ", LockName(waiter.lock), " not 0");
        edges.push_back({Name(top), Name(below), strings_.Number(why)});
      }
      if (path.empty()) continue;
      const std::string why = absl::StrCat("lock ", LockName(waiter.lock), ", ", std::string(RoleSlug(waiter.role)));
      edges.push_back({Name(top), Name(path.front().on), strings_.Number(why)});
    }
    return edges;
  }

  const Execution& execution_;
  Strings& strings_;
  LockMemory memory_;
  World world_;
  std::vector<Json> last_words_;
  std::vector<Json> last_queues_;
  std::vector<Json> last_tables_;
  std::vector<Json> last_waits_;
};

Json StepRow(const TraceLine& line, const TraceRecord& record, const CodePositions& positions, Strings& strings) {
  return {line.step,
          line.time_ns,
          line.cpu,
          line.depth,
          strings.Number(line.context),
          strings.Number(line.action),
          strings.Number(line.location),
          strings.Number(line.old_value),
          strings.Number(line.new_value),
          record.interrupts_off ? 1 : 0,
          record.preempt_count,
          record.reschedule_due ? 1 : 0,
          strings.Number(CodePositionText(positions.Of(record)))};
}

Json VerdictJson(const Execution& execution) {
  const Verdict& verdict = execution.verdict();
  const Promise* const promise = PromiseOf(verdict);
  return {{"kind", VerdictKindName(verdict.kind)},
          {"oracle", verdict.oracle},
          {"cause", verdict.cause},
          {"message", verdict.message},
          {"title", promise == nullptr ? "" : promise->title},
          {"promise", promise == nullptr ? "" : promise->text},
          {"explanation", ExplanationOf(verdict)}};
}

}  // namespace

std::string ExecutionJson(const Execution& execution) {
  const TracedResult& traced = execution.traced;
  const CodePositions positions(traced.records);
  Strings strings;
  Changes changes(execution, strings);
  Json steps = Json::array();
  // The row of each record: its own, or that of the step that it repeats.
  std::vector<std::size_t> row_of(traced.records.size());
  std::size_t row = 0;
  for (std::size_t i = 0; i < traced.records.size(); ++i) {
    if (row < traced.trace.size() && traced.trace[row].record == i) {
      steps.push_back(StepRow(traced.trace[row], traced.records[i], positions, strings));
      ++row;
    }
    row_of[i] = row == 0 ? 0 : row - 1;
    changes.Apply(traced.records[i], row_of[i]);
  }
  Json marks = Json::array();
  for (const TellingStep& step : TellingStepsOf(execution)) {
    marks.push_back({{"row", row_of[step.record]},
                     {"cpu", step.is_everywhere ? Json(nullptr) : Json(step.cpu)},
                     {"depth", step.depth},
                     {"text", step.text},
                     {"decisive", step.is_decisive},
                     {"verdict", step.is_verdict}});
  }
  Json lock_names = Json::array();
  for (unsigned lock = 0; lock < execution.scenario.lock_count; ++lock) lock_names.push_back(LockName(lock));
  const Json document = {{"format", 1},
                         {"lock", execution.lock_type().name},
                         {"revision", execution.lock_type().revision},
                         {"build", execution.lock_type().build},
                         {"cpus", execution.scenario.cpu_count},
                         {"locks", std::move(lock_names)},
                         {"verdict", VerdictJson(execution)},
                         {"marks", std::move(marks)},
                         {"columns", kStepColumns},
                         {"steps", std::move(steps)},
                         {"words", std::move(changes.words)},
                         {"queues", std::move(changes.queues)},
                         {"tables", std::move(changes.tables)},
                         {"waits", std::move(changes.waits)},
                         {"strings", strings.all()}};
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rqfuzz
