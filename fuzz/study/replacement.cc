#include <array>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"
#include "fuzz/report/plot.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

struct Replacement {
  std::string_view lock;
  std::string_view revision;
};
constexpr std::array<Replacement, 4> kReplacements = {
    {{"rqspinlock", "linux-7.2"}, {"qspinlock", ""}, {"pv_qspinlock", ""}, {"virt_spin_lock", ""}}};

// What the oracles say if the scenario hangs with this lock in the place of its own; empty: it does not.
std::string HangVerdict(Scenario scenario, const Replacement& replacement) {
  scenario.lock_type = locks::FindLockType(replacement.lock, replacement.revision, "generic");
  const Verdict verdict = Play(scenario).verdict;
  if (TheMachine().events().back().kind != EventKind::kHang) return "";
  return absl::StrCat(std::string(VerdictKindName(verdict.kind)), " ", std::string(verdict.oracle));
}

// What of a drawn scenario can bring the callers of a lock into trouble.
std::string KindOf(const Scenario& scenario) {
  bool nmi = false;
  bool irq = false;
  bool program = false;
  bool other = false;
  for (const Fault& fault : scenario.faults) {
    nmi = nmi || fault.kind == FaultKind::kNmi;
    irq = irq || fault.kind == FaultKind::kHardirq || fault.kind == FaultKind::kSoftirq;
    program = program || fault.kind == FaultKind::kProgram;
    other = other || (!HasHandler(fault.kind) && fault.kind != FaultKind::kSwitch);
  }
  if (other) return "with CPUs that stop, are stolen, or clocks that jump";
  if (program) return "with tracing programs";
  if (nmi) return "with NMIs";
  if (irq) return "with interrupts";
  return "without any fault";
}

absl::StatusOr<StudyTable> OfTheCorpus() {
  StudyTable table{.title = "Scenarios of the corpus", .columns = {"scenario"}, .rows = {}};
  for (const Replacement& replacement : kReplacements) table.columns.emplace_back(replacement.lock);
  for (const std::string folder : {"seeds", "upstream"}) {
    const std::string path = absl::StrCat(RQFUZZ_SOURCE_DIR "/corpus/", folder);
    const absl::StatusOr<std::vector<std::string>> names = ListFiles(path);
    if (!names.ok()) return names.status();
    for (const std::string& name : *names) {
      if (!absl::EndsWith(name, ".rqs")) continue;
      const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(absl::StrCat(path, "/", name));
      if (!file.ok()) return file.status();
      if (file->scenario.lock_type->name != "rqspinlock") continue;
      table.rows.push_back({absl::StrCat(folder, "/", name)});
      for (const Replacement& replacement : kReplacements) {
        table.rows.back().push_back(HangVerdict(file->scenario, replacement).empty() ? "ends" : "hangs");
      }
    }
  }
  return table;
}

}  // namespace

absl::StatusOr<StudyResult> StudyReplacement(const StudySize& size) {
  StudyResult result{.name = "replacement", .conditions = "", .tables = {}, .svg = ""};
  const absl::StatusOr<StudyTable> corpus = OfTheCorpus();
  if (!corpus.ok()) return corpus.status();
  result.tables.push_back(*corpus);

  Random random(1);
  const locks::LockType& type = *locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  std::map<std::string, std::array<unsigned, kReplacements.size()>> hangs;
  std::map<std::string, unsigned> drawn;
  std::map<std::string, unsigned> verdicts;  // of rqspinlock, when it hangs
  for (unsigned i = 0; i < size.scenarios; ++i) {
    const Scenario scenario = Generate(random, type);
    const std::string kind = KindOf(scenario);
    ++drawn[kind];
    for (std::size_t lock = 0; lock < kReplacements.size(); ++lock) {
      const std::string verdict = HangVerdict(scenario, kReplacements[lock]);
      if (verdict.empty()) continue;
      ++hangs[kind][lock];
      if (lock == 0) ++verdicts[verdict];
    }
  }
  StudyTable table{.title = "Scenarios drawn at random: how many hang", .columns = {"kind", "drawn"}, .rows = {}};
  BarChart chart{.title = "The same callers on another lock",
                 .value_label = "scenarios that hang (%)",
                 .series = {},
                 .groups = {}};
  for (const Replacement& replacement : kReplacements) {
    table.columns.emplace_back(replacement.lock);
    chart.series.emplace_back(replacement.lock);
  }
  for (const auto& [kind, count] : drawn) {
    table.rows.push_back({kind, count});
    chart.groups.push_back({.name = kind, .values = {}});
    for (const unsigned hanging : hangs[kind]) {
      const double percent = 100.0 * hanging / count;
      table.rows.back().push_back(absl::StrFormat("%.2f%%", percent));
      chart.groups.back().values.emplace_back(percent);
    }
  }
  result.tables.push_back(table);
  StudyTable why{.title = "The hangs of rqspinlock, by verdict", .columns = {"verdict", "scenarios"}, .rows = {}};
  for (const auto& [verdict, count] : verdicts) why.rows.push_back({verdict, count});
  result.tables.push_back(why);
  result.svg = BarChartSvg(chart);
  result.conditions = absl::StrFormat(
      "In simulation, build generic. %d scenarios drawn for rqspinlock linux-7.2 with seed 1, each played on every "
      "lock. "
      "A scenario hangs when nothing can change any more and a call has not returned.",
      size.scenarios);
  return result;
}

}  // namespace rqfuzz
