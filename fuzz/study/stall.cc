#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/check.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"
#include "fuzz/report/plot.h"
#include "fuzz/scenario/text.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

// A kind of fault: a scenario, and how it is varied.
struct StallKind {
  std::string_view name;
  std::string_view body;   // all but the line that names the lock
  std::string_view fault;  // with %d in place of an access that goes from 1 to 60; empty: none
  bool random_schedule;    // who runs next is drawn at every point
};

constexpr std::string_view kSection = " acquire A\n work 10us\n release A\n";

// `S` stands for a section of 10 us of lock A.
constexpr std::array<StallKind, 10> kKinds = {{
    {"no fault, 4 CPUs", "locks 1\ncpu 0\nScpu 1\nScpu 2\nScpu 3\nS", "", true},
    {"AA: the task itself", "locks 1\ncpu 0\n acquire A\n acquire A\n release A\n release A\n", "", false},
    {"AA: an NMI at any step of its CPU's section", "locks 1\ncpu 0\n acquire A\n release A\n",
     "nmi 0 in cpu 0 acquire A access %d\n acquire A\n release A\n", false},
    {"NMI at any step of a waiter", "locks 1\ncpu 0\nScpu 1\nScpu 2\nS",
     "nmi 0 in cpu 2 acquire A access %d\n acquire A\n release A\n", false},
    {"ABBA",
     "locks 2\ncpu 0\n acquire A\n work 10us\n acquire B\n release B\n release A\n"
     "cpu 1\n acquire B\n work 10us\n acquire A\n release A\n release B\n",
     "", true},
    {"ABBA, one of them behind a waiter",
     "locks 2\ncpu 0\n acquire A\n work 2ms\n acquire B\n release B\n release A\ncpu 1\n work 1us\n acquire A\n"
     " release A\ncpu 2\n acquire B\n work 10us\n acquire A\n release A\n release B\n",
     "", true},
    {"ABBCCA",
     "locks 3\ncpu 0\n acquire A\n work 10us\n acquire B\n release B\n release A\n"
     "cpu 1\n acquire B\n work 10us\n acquire C\n release C\n release B\n"
     "cpu 2\n acquire C\n work 10us\n acquire A\n release A\n release C\n",
     "", true},
    {"owner stolen for 100 ms, 3 waiters",
     "locks 1\ncpu 0\nScpu 1\n work 1us\nScpu 2\n work 1us\nScpu 3\n work 1us\nS",
     "steal in cpu 0 work access 1 for 100ms\n", true},
    {"first in the queue stolen for 100 ms", "locks 1\ncpu 0\nScpu 1\nScpu 2\nScpu 3\nS",
     "steal in cpu 2 acquire A access %d for 100ms\n", false},
    {"owner stuck for 5 s, 3 waiters",
     "locks 1\ncpu 0\n acquire A\n work 5s\n release A\ncpu 1\n work 1us\nScpu 2\n work 1us\nScpu 3\n work 1us\nS",
     "", true},
}};

constexpr std::array<std::string_view, 7> kStallRevisions = {
    "linux-6.15", "linux-6.17", "linux-6.18-stable", "linux-6.19", "linux-7.0", "linux-7.2", "proposed"};

Scenario ScenarioOf(const StallKind& kind, std::string_view revision, unsigned access) {
  std::string text = absl::StrCat("lock rqspinlock ", std::string(revision), " generic\n");
  for (const char c : kind.body) {
    if (c == 'S') {
      absl::StrAppend(&text, std::string(kSection));
    } else {
      text.push_back(c);
    }
  }
  std::string fault(kind.fault);
  if (const std::size_t at = fault.find("%d"); at != std::string::npos) fault.replace(at, 2, absl::StrCat(access));
  const absl::StatusOr<ScenarioFile> file = ParseText("study", text + fault);
  if (!file.ok()) std::fprintf(stderr, "%s\n", std::string(file.status().message()).c_str());
  RQFUZZ_CHECK(file.ok());
  return file->scenario;
}

// The longest acquire of the last execution, without the time in which its CPU was stolen; empty: one never returned.
std::optional<double> LongestNs() {
  std::map<std::pair<unsigned, unsigned>, std::uint64_t> begins;  // by CPU and depth
  std::array<std::uint64_t, kMachineCpusMax> stolen_at{};
  double longest_ns = 0;
  for (const Event& event : TheMachine().events()) {
    switch (event.kind) {
      case EventKind::kAcquireBegin:
        begins[{event.cpu, event.depth}] = event.time_ns;
        break;
      case EventKind::kStealBegin:
        stolen_at[event.cpu] = event.time_ns;
        break;
      case EventKind::kStealEnd:
        for (auto& [context, begin_ns] : begins) {
          if (context.first == event.cpu) begin_ns += event.time_ns - std::max(begin_ns, stolen_at[event.cpu]);
        }
        break;
      case EventKind::kAcquireEnd:
        longest_ns = std::max(longest_ns, static_cast<double>(event.time_ns - begins[{event.cpu, event.depth}]));
        break;
      case EventKind::kHang:
        return std::nullopt;
      default:
        break;
    }
  }
  return longest_ns;
}

struct Longest {
  std::vector<double> all_ns;  // of the executions that ended
  unsigned hangs = 0;
};

Longest Measure(const StallKind& kind, std::string_view revision, unsigned schedules) {
  const bool sweeps = kind.fault.find("%d") != std::string_view::npos;
  Longest longest;
  for (unsigned access = 1; access <= (sweeps ? 60U : 1U); ++access) {
    Scenario scenario = ScenarioOf(kind, revision, access);
    for (unsigned seed = 1; seed <= (kind.random_schedule ? schedules : 1U); ++seed) {
      // Half of them PCT, which keeps switches rare and so builds queues.
      if (kind.random_schedule) {
        scenario.schedule = seed % 2 == 0 ? Schedule{.kind = ScheduleKind::kPct, .depth = 3, .seed = seed}
                                          : Schedule{.kind = ScheduleKind::kUniform, .depth = 0, .seed = seed};
      }
      Play(scenario);
      const std::optional<double> ns = LongestNs();
      if (ns.has_value()) {
        longest.all_ns.push_back(*ns);
      } else {
        ++longest.hangs;
      }
    }
  }
  return longest;
}

std::string TimeText(double ns) {
  if (ns >= 1e6) return absl::StrFormat("%.1f ms", ns / 1e6);
  return absl::StrFormat("%.1f us", ns / 1e3);
}

}  // namespace

absl::StatusOr<StudyResult> StudyStall(const StudySize& size) {
  StudyTable worst{.title = "Longest acquire: the worst of all executions; 'ever' if one never returned",
                   .columns = {"fault"},
                   .rows = {}};
  StudyTable middle{.title = "The same: the median of the executions that ended", .columns = {"fault"}, .rows = {}};
  BarChart chart{.title = "Longest time in one acquire",
                 .value_label = "worst of all executions (us)",
                 .absent = "for ever",
                 .scale = AxisScale::kLogarithmic,
                 .series = {},
                 .groups = {}};
  for (const std::string_view revision : kStallRevisions) {
    worst.columns.emplace_back(revision);
    middle.columns.emplace_back(revision);
    chart.series.emplace_back(revision);
  }
  const unsigned schedules = std::max(1U, size.scenarios / 100);
  for (const StallKind& kind : kKinds) {
    worst.rows.push_back({std::string(kind.name)});
    middle.rows.push_back({std::string(kind.name)});
    chart.groups.push_back({.name = std::string(kind.name), .values = {}});
    for (const std::string_view revision : kStallRevisions) {
      const Longest longest = Measure(kind, revision, schedules);
      const bool ends = longest.hangs == 0;
      const double worst_ns = longest.all_ns.empty() ? 0 : Quantile(longest.all_ns, 1);
      worst.rows.back().push_back(ends ? TimeText(worst_ns) : "ever");
      middle.rows.back().push_back(longest.all_ns.empty() ? "-" : TimeText(Quantile(longest.all_ns, 0.5)));
      chart.groups.back().values.push_back(ends ? std::optional(worst_ns / 1e3) : std::nullopt);
    }
  }
  return StudyResult{
      .name = "stall",
      .conditions = absl::StrFormat(
          "In simulation, build generic; a step takes 10 ns. Faults at a step: at each of the first 60; otherwise %d "
          "schedules drawn, uniform and PCT in turn, with seeds from 1. Time in which the caller's own CPU was "
          "stolen is not counted.",
          schedules),
      .tables = {worst, middle},
      .svg = BarChartSvg(chart)};
}

}  // namespace rqfuzz
