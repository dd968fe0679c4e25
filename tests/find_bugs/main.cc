// rqfuzz_find_bugs: what `rqfuzz bench find-bugs` runs. A program of its own, so that the broken locks are no part of
// the tool.
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/report/plot.h"
#include "tests/find_bugs/hunt.h"
#include "tests/find_bugs/strategy.h"
#include "tests/find_bugs/time_chart.h"

namespace rqfuzz {
namespace {

struct Options {
  std::string only;
  std::vector<std::string> strategies = {"mix"};
  unsigned seeds = 5;
  double limit_s = 60;
  bool json = false;
  std::string svg;  // file for a chart; empty: none
};

ExitStatus Fail(const absl::Status& status, ExitStatus exit_status) {
  absl::FPrintF(stderr, "%s\n", std::string(status.message()));
  return exit_status;
}

absl::StatusOr<std::vector<Bug>> ChosenBugs(const Options& options) {
  std::vector<Bug> bugs;
  if (options.only != "broken") {
    absl::StatusOr<std::vector<Bug>> real = RealBugs();
    if (!real.ok()) return real;
    bugs = *std::move(real);
  }
  if (options.only != "real") {
    absl::StatusOr<std::vector<Bug>> broken = BrokenBugs();
    if (!broken.ok()) return broken;
    bugs.insert(bugs.end(), broken->begin(), broken->end());
  }
  return bugs;
}

// One line on a terminal that the next one replaces.
void ShowProgress(const std::string& line) {
  if (isatty(STDERR_FILENO) != 0) absl::FPrintF(stderr, "\r\033[K%s", line);
}

absl::StatusOr<Measurement> Measure(const Bug& bug, const std::string& strategy, const Options& options,
                                    const std::string& position) {
  Measurement measurement{.bug = bug, .strategy = strategy};
  for (unsigned seed = 1; seed <= options.seeds; ++seed) {
    ShowProgress(absl::StrFormat("%s  %s, %s, seed %d of %d", position, bug.name, strategy, seed, options.seeds));
    const absl::StatusOr<std::optional<FirstFinding>> first = Hunt(bug, strategy, seed, options.limit_s);
    ShowProgress("");
    if (!first.ok()) return first.status();
    measurement.seeds.push_back(*first);
  }
  return measurement;
}

ExitStatus FindBugs(const Options& options) {
  const absl::StatusOr<std::vector<Bug>> bugs = ChosenBugs(options);
  if (!bugs.ok()) return Fail(bugs.status(), kBadInput);
  std::vector<Measurement> measurements;
  if (!options.json) absl::PrintF("%s", TableHeader());
  for (std::size_t i = 0; i < bugs->size(); ++i) {
    for (const std::string& strategy : options.strategies) {
      const absl::StatusOr<Measurement> measurement =
          Measure((*bugs)[i], strategy, options, absl::StrFormat("[%d/%d]", i + 1, bugs->size()));
      if (!measurement.ok()) return Fail(measurement.status(), kToolFailed);
      if (!options.json) absl::PrintF("%s", TableRow(*measurement));
      std::fflush(stdout);
      measurements.push_back(*measurement);
    }
  }
  if (options.json) absl::PrintF("%s\n", JsonOf(measurements).dump(2));
  if (options.svg.empty()) return kNothingFound;
  const absl::Status written = WriteFile(options.svg, BarChartSvg(TimeChartOf(measurements, options.limit_s)));
  return written.ok() ? kNothingFound : Fail(written, kToolFailed);
}

int Main(int argc, char** argv) {
  CLI::App app("Measures how fast bugs are found: those of the catalogue and those of the broken locks.",
               "rqfuzz bench find-bugs");
  Options options;
  app.add_option("--only", options.only, "Look for these alone: real (of the catalogue) or broken")
      ->check(CLI::IsMember({"real", "broken"}));
  app.add_option("--strategy", options.strategies, "How scenarios and schedules are chosen; several are compared")
      ->check(CLI::IsMember(StrategyNames()))
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seeds", options.seeds, "Hunts for each bug")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--limit", options.limit_s, "Seconds after which a hunt ends")
      ->check(CLI::Range(0.001, 1e6))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Print the result as JSON");
  app.add_option("--svg", options.svg, "Draw the medians as a chart, in this file");
  app.footer(
      "Each hunt starts from nothing, on one core, in a process of its own. Median and worst are over all seeds; a "
      "dash\n"
      "says that the hunt came to its limit.\n"
      "\n"
      "Strategies. With programs and faults from the generator: sparse (schedules that run on but for a few\n"
      "drawn switches), dense (up to 40 more of them), uniform-schedule (any CPU at each access), pct, pos, surw\n"
      "(as their papers say), mix (what campaigns use). The baseline: uniform (everything drawn uniformly,\n"
      "programs and faults too).\n"
      "\n"
      "Example: rqfuzz bench find-bugs --only real --seeds 3 --limit 10 --strategy sparse,uniform");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "rqfuzz: %s (see rqfuzz bench find-bugs --help)\n", error.what());
    return kBadInput;
  }
  return FindBugs(options);
}

}  // namespace
}  // namespace rqfuzz

int main(int argc, char** argv) { return rqfuzz::Main(argc, argv); }
