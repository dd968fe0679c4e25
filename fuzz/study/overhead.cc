#include <array>
#include <chrono>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/machine/machine.h"
#include "fuzz/report/plot.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

// Each pair of a run makes a few events, of which the machine keeps 65,536.
constexpr unsigned kPairs = 10'000;

// One CPU that acquires and releases.
class Pairs final : public Driver {
 public:
  explicit Pairs(const locks::EntryPoints& entry_points) : lock_functions_(entry_points) {}
  void RunCpu(unsigned) override {
    void* const lock = reinterpret_cast<void*>(LockAddress(0));
    for (unsigned i = 0; i < kPairs; ++i) {
      if (lock_functions_.raw_acquire(lock) == 0) lock_functions_.raw_release(lock);
    }
  }
  void RunHandler(unsigned, unsigned) override {}
  void OnAlarm(unsigned) override {}
  void OnTime(std::uint64_t) override {}
  std::uint64_t NextTimeNs() override { return kNever; }

 private:
  const locks::EntryPoints& lock_functions_;
};

// Nanoseconds of host time for a pair on the machine, of each repeat.
std::vector<double> Instrumented(std::string_view lock, std::string_view revision, unsigned repeats) {
  const locks::LockType* type = locks::FindLockType(lock, revision, "x86-full");
  std::vector<double> ns;
  for (unsigned i = 0; i < repeats; ++i) {
    Pairs pairs(*type->entry_points);
    const auto start = std::chrono::steady_clock::now();
    TheMachine().Run({.cpu_count = 1, .lock_count = 1, .lock_type = type}, pairs);
    ns.push_back(std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / kPairs);
  }
  return ns;
}

}  // namespace

absl::StatusOr<StudyResult> StudyOverhead(const StudySize& size, const NativeRunner& native) {
  const absl::StatusOr<nlohmann::ordered_json> measured =
      native({"overhead", absl::StrCat(size.native_s), absl::StrCat(size.native_repeats)});
  if (!measured.ok()) return measured.status();
  StudyResult result{.name = "overhead", .conditions = "", .tables = {}, .svg = ""};
  StudyTable pairs{.title = "Acquire and release, ns a pair: median, lowest and highest of the repeats",
                   .columns = {"lock", "alone", "lowest", "highest", "2 threads", "lowest ", "highest "},
                   .rows = {}};
  BarChart chart{.title = "Acquire and release",
                 .value_label = "ns a pair (median)",
                 .absent = "not measured",
                 .scale = AxisScale::kLogarithmic,
                 .series = {"alone", "2 threads"},
                 .groups = {}};
  for (const auto& row : (*measured)["pairs"]) {
    pairs.rows.push_back({row["lock"], row["alone"][0], row["alone"][1], row["alone"][2], row["two"][0],
                          row["two"][1], row["two"][2]});
    chart.groups.push_back({row["lock"], {row["alone"][0].get<double>(), row["two"][0].get<double>()}});
  }
  for (const auto& [lock, revision] :
       {std::pair<std::string_view, std::string_view>{"rqspinlock", "linux-7.2"}, {"qspinlock", ""}}) {
    const std::vector<double> ns = Instrumented(lock, revision, size.native_repeats);
    const std::string label = absl::StrCat(std::string(lock), ", instrumented, on the machine");
    pairs.rows.push_back({label, Quantile(ns, 0.5), Quantile(ns, 0), Quantile(ns, 1), nullptr, nullptr, nullptr});
    chart.groups.push_back({label, {Quantile(ns, 0.5), std::nullopt}});
  }
  StudyTable bound{.title = "The table of held locks, uncontended, within one run (median, lowest, highest)",
                   .columns = {"what", "median", "lowest", "highest"},
                   .rows = {}};
  for (const auto& row : (*measured)["bound"]) {
    bound.rows.push_back({row["what"], row["values"][0], row["values"][1], row["values"][2]});
  }
  StudyTable steps{
      .title = "What single steps cost here, in ns", .columns = {"step", "median", "lowest", "highest"}, .rows = {}};
  for (const auto& row : (*measured)["steps"]) {
    steps.rows.push_back({row["step"], row["values"][0], row["values"][1], row["values"][2]});
  }
  result.tables = {pairs, bound, steps};
  result.svg = BarChartSvg(chart);
  result.conditions = absl::StrFormat("On real threads: %d cores, %d repeats, all locks in turn within each.",
                                      (*measured)["cores"].get<int>(), size.native_repeats);
  return result;
}

}  // namespace rqfuzz
