#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/check.h"
#include "fuzz/report/plot.h"
#include "fuzz/study/parallel_time.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

struct Contender {
  std::string_view label;
  std::string_view lock;
  std::string_view revision;
  bool virtual_machine;
};

constexpr std::array<Contender, 4> kContenders = {{
    {"queue path", "rqspinlock", "linux-7.2", false},
    {"test-and-set", "rqspinlock", "linux-7.2", true},
    {"qspinlock", "qspinlock", "", false},
    {"pv_qspinlock", "pv_qspinlock", "", false},
}};
constexpr std::array<unsigned, 3> kCpuCounts = {2, 4, 8};
constexpr std::array<double, 4> kStolenShares = {0, 0.05, 0.2, 0.4};

struct Cell {
  double throughput = 0;  // acquires a millisecond: the median over the seeds
  double lowest = 0;
  double highest = 0;
  double wait_us = 0;  // the 99.9th percentile over all acquires of all seeds
};

Cell Measure(const Contender& contender, unsigned cpus, double stolen_share, const StudySize& size) {
  std::vector<double> throughputs;
  std::vector<double> waits_ns;
  for (unsigned seed = 1; seed <= size.seeds; ++seed) {
    const ParallelResult run =
        ParallelRun({.type = locks::FindLockType(contender.lock, contender.revision, "x86-full"),
                     .virtual_machine = contender.virtual_machine,
                     .cpus = cpus,
                     .stolen_share = stolen_share,
                     .horizon_ns = size.horizon_ns,
                     .seed = seed})
            .Run();
    RQFUZZ_CHECK(run.failures == 0);
    throughputs.push_back(static_cast<double>(run.acquires) * 1e6 / static_cast<double>(run.end_ns));
    waits_ns.insert(waits_ns.end(), run.waits_ns.begin(), run.waits_ns.end());
  }
  return {.throughput = Quantile(throughputs, 0.5),
          .lowest = Quantile(throughputs, 0),
          .highest = Quantile(throughputs, 1),
          .wait_us = Quantile(waits_ns, 0.999) / 1e3};
}

StudyTable Simulated(const StudySize& size, BarChart& chart) {
  StudyTable table{.title =
                       "In simulation: acquires a millisecond (median, lowest, highest of the seeds); the 99.9th "
                       "percentile of the wait",
                   .columns = {"lock", "CPUs", "stolen", "acquires/ms", "lowest", "highest", "p99.9 wait (us)"},
                   .rows = {}};
  for (const unsigned cpus : kCpuCounts) {
    for (const double share : kStolenShares) {
      BarGroup group{.name = absl::StrFormat("%d CPUs, %.0f%% stolen", cpus, share * 100), .values = {}};
      for (const Contender& contender : kContenders) {
        const Cell cell = Measure(contender, cpus, share, size);
        table.rows.push_back({std::string(contender.label), cpus, absl::StrFormat("%.0f%%", share * 100),
                              cell.throughput, cell.lowest, cell.highest, cell.wait_us});
        group.values.emplace_back(cell.throughput);
      }
      chart.groups.push_back(group);
    }
  }
  return table;
}

}  // namespace

absl::StatusOr<StudyResult> StudyPreemptedOwners(const StudySize& size, const NativeRunner& native) {
  const absl::StatusOr<nlohmann::ordered_json> measured =
      native({"preempted-owners", absl::StrCat(size.native_s), absl::StrCat(size.native_repeats)});
  if (!measured.ok()) return measured.status();
  BarChart chart{.title = "Preempted owners, in simulation",
                 .value_label = "acquires a millisecond (median of the seeds)",
                 .series = {},
                 .groups = {}};
  for (const Contender& contender : kContenders) chart.series.emplace_back(contender.label);
  StudyResult result{.name = "preempted-owners", .conditions = "", .tables = {}, .svg = ""};
  result.tables.push_back(Simulated(size, chart));
  result.svg = BarChartSvg(chart);
  StudyTable on_threads{
      .title =
          "On real threads: acquires a millisecond (median, lowest, highest of the repeats); the "
          "99.9th percentile of the wait (median of the repeats)",
      .columns = {"lock", "threads", "acquires/ms", "lowest", "highest", "p99.9 wait (us)", "errors"},
      .rows = {}};
  for (const auto& row : (*measured)["rows"]) {
    on_threads.rows.push_back({row["lock"], row["threads"], row["throughput"], row["lowest"], row["highest"],
                               row["wait_us"], row["errors"]});
  }
  result.tables.push_back(on_threads);
  result.conditions = absl::StrFormat(
      "In simulation: one lock, sections of 2 us, 0 to 4 us between them, CPUs stolen for 1 ms at a time, %d seeds "
      "of %.0f "
      "ms. On real threads: the same sections, %d cores, %d repeats of %.1f s.",
      size.seeds, static_cast<double>(size.horizon_ns) / 1e6, (*measured)["cores"].get<int>(), size.native_repeats,
      size.native_s);
  return result;
}

}  // namespace rqfuzz
