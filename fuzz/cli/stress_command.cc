#include "fuzz/cli/stress_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/cli/sibling_program.h"
#include "fuzz/engines/progress.h"
#include "fuzz/engines/simulated_hunt.h"
#include "fuzz/play/lock_choice.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kHuntSeeds = 3;
constexpr double kHuntLimitMax_s = 10;

struct StressCommandOptions {
  std::string revision;
  double seconds = 60;
  unsigned threads = 4;
  std::uint64_t seed = 1;
  bool tsan = false;
  bool json = false;
};

ExitStatus Fail(const absl::Status& status, ExitStatus exit_status) {
  absl::FPrintF(stderr, "%s\n", std::string(status.message()));
  return exit_status;
}

Json JsonOf(const std::vector<HuntedBug>& bugs) {
  Json json = Json::array();
  for (const HuntedBug& bug : bugs) {
    json.push_back({{"bug", bug.name},
                    {"found", bug.seeds_found},
                    {"seeds", kHuntSeeds},
                    {"executions_median", bug.executions_median},
                    {"seconds_median", bug.seconds_median}});
  }
  return json;
}

std::string StressCells(const Json* finding) {
  if (finding == nullptr) return absl::StrFormat("%9s  %12s", "-", "-");
  return absl::StrFormat("%9s  %10.2f s", WithThousands((*finding)["hits"].get<std::uint64_t>()),
                         (*finding)["first_s"].get<double>());
}

std::string SimulationCells(const HuntedBug* bug) {
  if (bug == nullptr) return absl::StrFormat("%7s  %10s  %9s", "-", "-", "-");
  if (bug->seeds_found == 0) return absl::StrFormat("0 of %2d  %10s  %9s", kHuntSeeds, "-", "-");
  return absl::StrFormat("%d of %2d  %10s  %6.1f ms", bug->seeds_found, kHuntSeeds,
                         WithThousands(bug->executions_median), bug->seconds_median * 1e3);
}

void PrintComparison(const Json& stress, const std::vector<HuntedBug>& bugs) {
  absl::PrintF(
      "%s %s: %.0f s of stress, %d threads on %d cores: %s acquires (%s -EDEADLK, %s -ETIMEDOUT), %s NMIs\n\n",
      stress["lock"].get<std::string>(), stress["revision"].get<std::string>(), stress["seconds"].get<double>(),
      stress["threads"].get<int>(), stress["cores"].get<int>(),
      WithThousands(stress["acquired"].get<std::uint64_t>()), WithThousands(stress["deadlocks"].get<std::uint64_t>()),
      WithThousands(stress["timeouts"].get<std::uint64_t>()), WithThousands(stress["nmis"].get<std::uint64_t>()));
  constexpr char kRow[] = "%-44s  %s  %s\n";
  absl::PrintF(kRow, "", "stress, real threads  ", "simulation, one core");
  absl::PrintF(kRow, "bug", absl::StrFormat("%9s  %12s", "hits", "first after"),
               absl::StrFormat("%7s  %10s  %9s", "seeds", "executions", "median"));
  std::set<std::string> shown;
  for (const HuntedBug& bug : bugs) {
    const Json* hit = nullptr;
    for (const Json& finding : stress["findings"]) {
      if (finding["bug"] == bug.name) hit = &finding;
    }
    shown.insert(bug.name);
    absl::PrintF(kRow, bug.name, StressCells(hit), SimulationCells(&bug));
  }
  for (const Json& finding : stress["findings"]) {
    if (shown.contains(finding["bug"].get<std::string>())) continue;
    absl::PrintF(kRow, absl::StrCat(finding["oracle"].get<std::string>(), " ", finding["cause"].get<std::string>()),
                 StressCells(&finding), SimulationCells(nullptr));
  }
  absl::PrintF("\nA dash under stress: not seen, or not to be told from outside.\n");
}

ExitStatus Stress(const StressCommandOptions& options) {
  const absl::StatusOr<LockChoice> choice = LockChoice::Find("rqspinlock", options.revision);
  if (!choice.ok()) return Fail(choice.status(), kBadInput);
  const locks::LockType& type = choice->type();
  const absl::StatusOr<SiblingOutput> output =
      RunSibling(options.tsan ? "rqfuzz_stress_tsan" : "rqfuzz_stress",
                 {std::string(type.revision), absl::StrCat(options.threads), absl::StrCat(options.seconds),
                  absl::StrCat(options.seed)});
  if (!output.ok()) return Fail(output.status(), kToolFailed);
  Json stress = Json::parse(output->out, nullptr, /*allow_exceptions=*/false);
  if (stress.is_discarded()) return Fail(absl::InternalError("the stress program printed no result"), kToolFailed);
  const double limit_s = std::min(options.seconds, kHuntLimitMax_s);
  absl::FPrintF(stderr, "now in simulation, for %.0f s at most\n", kHuntSeeds * limit_s);
  const absl::StatusOr<std::vector<HuntedBug>> bugs = HuntInSimulation(type, kHuntSeeds, limit_s);
  if (!bugs.ok()) return Fail(bugs.status(), kToolFailed);
  if (options.json) {
    stress["simulation"] = JsonOf(*bugs);
    absl::PrintF("%s\n", stress.dump(2));
  } else {
    PrintComparison(stress, *bugs);
  }
  // The thread sanitizer ends a program in which it has seen a race with a status of its own.
  return stress["findings"].empty() && output->exit_status == 0 ? kNothingFound : kFound;
}

}  // namespace

void AddStressCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("stress", "Run the lock on real threads, and compare with the simulation");
  const auto options = std::make_shared<StressCommandOptions>();
  command->add_option("--revision", options->revision, "Revision of rqspinlock; the newest unless given");
  command->add_option("--seconds", options->seconds, "How long")->check(CLI::Range(0.1, 1e6))->capture_default_str();
  command->add_option("--threads", options->threads, "Threads that take locks; more than cores are preempted")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of what the threads do; when they do it is up to the host")
      ->capture_default_str();
  command->add_flag("--tsan", options->tsan, "Under the thread sanitizer, which delivers signals late");
  command->add_flag("--json", options->json, "Print the result as JSON");
  command->footer(
      "Threads take locks of their own and shared ones, are interrupted by signals that take them too, are "
      "preempted\n"
      "while they own them and sometimes keep them too long. Only what is certain from outside counts as a hit. "
      "Then\n"
      "the simulation looks for the bugs that the corpus has of this revision, on one core.\n"
      "\n"
      "Example: rqfuzz stress --revision linux-7.0 --seconds 600");
  command->callback([options, &status] { status = Stress(*options); });
}

}  // namespace rqfuzz
