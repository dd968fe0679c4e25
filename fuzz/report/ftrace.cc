#include "fuzz/report/ftrace.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/machine/memory.h"

namespace rqfuzz {
namespace {

constexpr char kHeader[] =
    "# tracer: nop\n"
    "#\n"
    "# entries-in-buffer/entries-written: %d/%d   #P:%d\n"
    "#\n"
    "#                                _-----=> irqs-off\n"
    "#                               / _----=> need-resched\n"
    "#                              | / _---=> hardirq/softirq\n"
    "#                              || / _--=> preempt-depth\n"
    "#                              ||| /\n"
    "#           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION\n"
    "#              | |         |   ||||      |         |\n";

constexpr unsigned kFirstPid = 1000;  // of the task on CPU 0

// The contexts that a CPU is in, task at the bottom.
using ContextStack = std::array<ContextKind, kContextDepthMax>;

// "Z" NMI, "z" NMI in a hardirq, "H" hardirq in a softirq, "h" hardirq, "s" softirq, "." task: ftrace's letters.
char ContextLetter(const ContextStack& stack, unsigned depth) {
  const auto has = [&](ContextKind kind) {
    return std::find(stack.begin(), stack.begin() + depth + 1, kind) != stack.begin() + depth + 1;
  };
  if (has(ContextKind::kNmi)) return has(ContextKind::kHardirq) ? 'Z' : 'z';
  if (has(ContextKind::kHardirq)) return has(ContextKind::kSoftirq) ? 'H' : 'h';
  return has(ContextKind::kSoftirq) ? 's' : '.';
}

// The four columns. An NMI and a hardirq run with interrupts masked.
std::string Flags(const TraceRecord& record, const ContextStack& stack) {
  const char letter = ContextLetter(stack, record.depth);
  const bool masked = record.interrupts_off || letter == 'z' || letter == 'Z' || letter == 'h' || letter == 'H';
  const std::string preempt =
      record.preempt_count == 0 ? "." : absl::StrFormat("%x", std::min<int>(record.preempt_count, 15));
  return absl::StrCat(masked ? "d" : ".", record.reschedule_due ? "N" : ".", std::string(1, letter), preempt);
}

std::string StepText(const TraceLine& line) {
  std::string text = line.action;
  if (!line.location.empty()) absl::StrAppend(&text, " ", line.location);
  if (!line.is_access) return text;
  if (line.old_value == line.new_value) return absl::StrCat(text, " = ", line.new_value);
  return absl::StrCat(text, " ", line.old_value, " -> ", line.new_value);
}

// What stands behind the timestamp, a line each. Calls and contexts are slices, as atrace marks them ("B" and "E"
// with the task's number); other steps are instants.
std::vector<std::string> Entries(const TraceLine* line, const Event* event, unsigned pid) {
  std::vector<std::string> entries;
  const auto mark = [&](std::string_view kind, const std::string& text) {
    entries.push_back(
        absl::StrCat("tracing_mark_write: ", std::string(kind), "|", pid, text.empty() ? "" : "|", text));
  };
  const auto is_one_of = [event](EventKind a, EventKind b, EventKind c) {
    return event != nullptr && (event->kind == a || event->kind == b || event->kind == c);
  };
  const bool begins = is_one_of(EventKind::kAcquireBegin, EventKind::kReleaseBegin, EventKind::kContextEnter);
  if (line != nullptr) mark(begins ? "B" : "I", StepText(*line));
  if (is_one_of(EventKind::kAcquireEnd, EventKind::kReleaseEnd, EventKind::kContextExit)) mark("E", "");
  if (event != nullptr && event->lock != kNoLock) {
    const std::uint64_t address = LockAddress(event->lock);
    if (event->kind == EventKind::kContentionBegin) {
      entries.push_back(absl::StrFormat("contention_begin: %#x (flags=SPIN)", address));
    } else if (event->kind == EventKind::kContentionEnd) {
      entries.push_back(absl::StrFormat("contention_end: %#x (ret=%d)", address, event->result));
    }
  }
  return entries;
}

}  // namespace

std::string FtraceText(const Execution& execution) {
  const TracedResult& traced = execution.traced;
  std::string lines;
  unsigned count = 0;
  std::array<ContextStack, kMachineCpusMax> stacks = {};
  std::size_t row = 0;
  for (std::size_t i = 0; i < traced.records.size(); ++i) {
    const TraceRecord& record = traced.records[i];
    stacks[record.cpu][record.depth] = record.context;
    const bool has_line = row < traced.trace.size() && traced.trace[row].record == i;
    const TraceLine* const line = has_line ? &traced.trace[row++] : nullptr;
    const Event* const event = record.kind == TraceKind::kEvent ? &traced.events[record.old_value] : nullptr;
    const unsigned pid = kFirstPid + record.cpu;
    for (const std::string& entry : Entries(line, event, pid)) {
      absl::StrAppendFormat(&lines, "%16s-%-7d [%03d] %s %5d.%09d: %s\n", absl::StrCat("cpu", record.cpu), pid,
                            record.cpu, Flags(record, stacks[record.cpu]), record.time_ns / 1'000'000'000,
                            record.time_ns % 1'000'000'000, entry);
      ++count;
    }
  }
  return absl::StrFormat(kHeader, count, count, execution.scenario.cpu_count) + lines;
}

}  // namespace rqfuzz
