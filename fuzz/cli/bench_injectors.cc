#include "fuzz/cli/bench_injectors.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/block_places.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/injector_study.h"

namespace rqfuzz {
namespace {

struct Options {
  unsigned seconds = 60;
  std::uint64_t seed = 1;
  std::string json;
};

// What of one place in the source the executions reached: an inlined function, or one with several revisions, is
// there many times.
struct PlaceCount {
  unsigned blocks = 0;
  unsigned reached = 0;
};
using Places = std::map<BlockPlace, PlaceCount>;

// The files of lock/rqspinlock: other locks have their own.
bool IsOfTheLock(const std::string& file) {
  static constexpr std::string_view kFiles[] = {"lock/rqspinlock.cc", "lock/rqspinlock.h", "lock/deadlock.h",
                                                "lock/held_locks.h",  "lock/wait_state.h", "lock/lock_word.h",
                                                "lock/queue_node.h",  "lock/queue_head.h"};
  return std::find(std::begin(kFiles), std::end(kFiles), file) != std::end(kFiles);
}

absl::StatusOr<Places> CountPlaces(const InjectorStudy& study) {
  const absl::StatusOr<std::vector<BlockPlace>> blocks = BlockPlaces();
  if (!blocks.ok()) return blocks.status();
  Places places;
  for (std::size_t i = 0; i < blocks->size(); ++i) {
    if (!IsOfTheLock((*blocks)[i].file)) continue;
    PlaceCount& place = places[(*blocks)[i]];
    ++place.blocks;
    place.reached += study.BlockIsReached(i) ? 1 : 0;
  }
  return places;
}

void PrintInjectors(const InjectorStudy& study) {
  absl::PrintF("%d executions; %d abstract states of the lock reached\n\n", study.executions(),
               study.ReachedStates());
  absl::PrintF("%-18s %10s %14s %14s\n", "injector", "fired in", "blocks only", "states only");
  for (unsigned i = 0; i < kInjectorCount; ++i) {
    const auto injector = static_cast<Injector>(i);
    absl::PrintF("%-18s %9.2f%% %14d %14d\n", std::string(InjectorName(injector)),
                 100.0 * static_cast<double>(study.FiredCount(injector)) / static_cast<double>(study.executions()),
                 study.BlocksOnlyWith(injector), study.StatesOnlyWith(injector));
  }
}

void PrintPlaces(const Places& places) {
  unsigned reached = 0;
  for (const auto& [place, count] : places) reached += count.reached != 0 ? 1 : 0;
  absl::PrintF("\n%d of %d places in the lock's source reached, in some revision and build.", reached, places.size());
  if (reached != places.size()) absl::PrintF(" Never reached:");
  absl::PrintF("\n");
  for (const auto& [place, count] : places) {
    if (count.reached == 0)
      absl::PrintF("%s:%d:%d (%d blocks)\n", place.file, place.line, place.column, count.blocks);
  }
}

std::string JsonOf(const InjectorStudy& study, const Places& places) {
  nlohmann::ordered_json json;
  json["executions"] = study.executions();
  json["states"] = study.ReachedStates();
  for (unsigned i = 0; i < kInjectorCount; ++i) {
    const auto injector = static_cast<Injector>(i);
    json["injectors"].push_back({{"name", std::string(InjectorName(injector))},
                                 {"fired", study.FiredCount(injector)},
                                 {"blocks_only", study.BlocksOnlyWith(injector)},
                                 {"states_only", study.StatesOnlyWith(injector)}});
  }
  for (const auto& [place, count] : places) {
    json["places"].push_back({{"file", place.file},
                              {"line", place.line},
                              {"column", place.column},
                              {"blocks", count.blocks},
                              {"reached", count.reached}});
  }
  return json.dump(2) + "\n";
}

ExitStatus Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return kToolFailed;
}

ExitStatus Run(const Options& options) {
  InjectorStudy study(options.seed);
  study.Run(options.seconds);
  const absl::StatusOr<Places> places = CountPlaces(study);
  if (!places.ok()) return Fail(places.status());
  PrintInjectors(study);
  PrintPlaces(*places);
  if (options.json.empty()) return kNothingFound;
  const absl::Status written = WriteFile(options.json, JsonOf(study, *places));
  return written.ok() ? kNothingFound : Fail(written);
}

}  // namespace

void AddBenchInjectors(CLI::App& bench, ExitStatus& status) {
  CLI::App* command = bench.add_subcommand("injectors", "What each injector contributes, and what nothing reaches");
  const auto options = std::make_shared<Options>();
  command->add_option("--seconds", options->seconds, "How long to play")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Number that random choices follow from")->capture_default_str();
  command->add_option("--json", options->json, "File to write the result to");
  command->footer(
      "Plays scenarios of all revisions as a campaign would. \"blocks only\" and \"states only\" are basic blocks of "
      "the\n"
      "lock's code, and abstract states of a lock, that no execution reached in which the injector did not fire.\n"
      "\n"
      "Example: rqfuzz bench injectors --seconds 600 --json injectors.json");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace rqfuzz
