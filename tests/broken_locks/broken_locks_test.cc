// Every broken lock is found, and the right lock is not, by the same executions. Which execution finds what is kept as
// text in found_by.txt, so that the test need not search: to rewrite it after a change of what is played, run the test
// with RQFUZZ_UPDATE=1 in the environment (minutes) and read the difference.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/oracles/judge.h"
#include "fuzz/play/player.h"
#include "tests/find_bugs/bug.h"
#include "tests/find_bugs/strategy.h"

namespace rqfuzz {
namespace {

const std::string kCorpus = RQFUZZ_SOURCE_DIR "/corpus/";
constexpr char kFoundBy[] = RQFUZZ_SOURCE_DIR "/tests/broken_locks/found_by.txt";

struct Stage {
  const char* strategy;
  std::uint64_t seed;
  std::uint64_t executions;
};
// Where a first finding is looked for, in this order; then among the kept scenarios; then here.
constexpr Stage kStages[] = {{"dense", 1, 4'000}, {"uniform-schedule", 1, 120'000}};
constexpr Stage kLongStages[] = {{"uniform-schedule", 2, 1'000'000}, {"sparse", 2, 2'000'000}};

// A line of found_by.txt: an execution of a strategy, or a kept scenario.
struct FoundBy {
  std::string strategy;  // or the scenario's file, in corpus/
  std::uint64_t seed = 0;
  std::uint64_t execution = 0;    // 0: a scenario
  std::set<std::string> oracles;  // that speak in this execution and in the first stage
};

// The one execution that the line names.
Verdict PlayAgain(const Bug& bug, const FoundBy& found) {
  if (found.execution != 0) return MakeStrategy(found.strategy, found.seed)->Play(bug, found.execution);
  absl::StatusOr<ScenarioFile> file = ReadScenarioFile(kCorpus + found.strategy);
  EXPECT_TRUE(file.ok()) << file.status();
  if (!file.ok()) return {};
  bug.ApplyTo(file->scenario);
  return Play(file->scenario).verdict;
}

std::optional<FoundBy> SearchIn(const Bug& bug, const Stage& stage) {
  const std::unique_ptr<Strategy> strategy = MakeStrategy(stage.strategy, stage.seed);
  for (std::uint64_t execution = 1; execution <= stage.executions; ++execution) {
    const Verdict verdict = strategy->Play(bug, execution);
    if (!bug.IsFoundBy(verdict)) continue;
    return FoundBy{stage.strategy, stage.seed, execution, {std::string(verdict.oracle)}};
  }
  return std::nullopt;
}

std::optional<FoundBy> Search(const Bug& bug) {
  for (const Stage& stage : kStages) {
    if (std::optional<FoundBy> found = SearchIn(bug, stage)) return found;
  }
  const std::vector<std::string> paths = *ScenarioFilesBelow(kCorpus + "regressions");
  for (const std::string& path : paths) {
    FoundBy found{.strategy = path.substr(kCorpus.size())};
    const Verdict verdict = PlayAgain(bug, found);
    if (!bug.IsFoundBy(verdict)) continue;
    found.oracles.emplace(verdict.oracle);
    return found;
  }
  for (const Stage& stage : kLongStages) {
    if (std::optional<FoundBy> found = SearchIn(bug, stage)) return found;
  }
  return std::nullopt;
}

void AddOracles(const Bug& bug, const Stage& stage, std::set<std::string>& oracles) {
  const std::unique_ptr<Strategy> strategy = MakeStrategy(stage.strategy, stage.seed);
  for (std::uint64_t execution = 1; execution <= stage.executions; ++execution) {
    const Verdict verdict = strategy->Play(bug, execution);
    if (bug.IsFoundBy(verdict)) oracles.emplace(verdict.oracle);
  }
}

// Searches for all broken locks and writes found_by.txt.
void Record() {
  std::string text =
      absl::StrFormat("%-42s %-16s %4s %9s  %s\n", "# defect", "strategy", "seed", "execution", "oracles that speak");
  const std::vector<Bug> bugs = *BrokenBugs();
  for (const Bug& bug : bugs) {
    std::optional<FoundBy> found = Search(bug);
    EXPECT_TRUE(found.has_value()) << bug.name << " is not found";
    if (!found.has_value()) continue;
    AddOracles(bug, kStages[0], found->oracles);
    const std::string oracles = absl::StrJoin(found->oracles, " ");
    if (found->execution == 0) {
      absl::StrAppendFormat(&text, "%-42s %s  %s\n", bug.name, found->strategy, oracles);
    } else {
      absl::StrAppendFormat(&text, "%-42s %-16s %4d %9d  %s\n", bug.name, found->strategy, found->seed,
                            found->execution, oracles);
    }
  }
  ASSERT_TRUE(WriteFile(kFoundBy, text).ok());
}

std::map<std::string, FoundBy> Recorded() {
  std::map<std::string, FoundBy> recorded;
  const absl::StatusOr<std::string> text = ReadFile(kFoundBy);
  EXPECT_TRUE(text.ok()) << text.status();
  for (const absl::string_view line : absl::StrSplit(text.value_or(""), '\n', absl::SkipEmpty())) {
    if (line.front() == '#') continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    FoundBy& found = recorded[words.at(0)];
    found.strategy = words.at(1);
    const bool is_scenario = IsTextScenario(found.strategy);
    if (!is_scenario) {
      EXPECT_TRUE(absl::SimpleAtoi(words.at(2), &found.seed) && absl::SimpleAtoi(words.at(3), &found.execution)) << line;
    }
    found.oracles.insert(words.begin() + (is_scenario ? 2 : 4), words.end());
  }
  return recorded;
}

TEST(BrokenLocksTest, EachIsFoundAsRecorded) {
  if (std::getenv("RQFUZZ_UPDATE") != nullptr) Record();
  const std::map<std::string, FoundBy> recorded = Recorded();
  const std::vector<Bug> bugs = *BrokenBugs();
  EXPECT_EQ(recorded.size(), bugs.size());
  for (const Bug& bug : bugs) {
    const auto found = recorded.find(bug.name);
    ASSERT_NE(found, recorded.end()) << bug.name << " is not recorded as found";
    const Verdict verdict = PlayAgain(bug, found->second);
    EXPECT_TRUE(bug.IsFoundBy(verdict)) << bug.name << ": " << verdict.message;
    EXPECT_TRUE(found->second.oracles.contains(std::string(verdict.oracle))) << bug.name << ": " << verdict.message;
  }
}

// For each oracle a broken lock that would pass without it.
TEST(BrokenLocksTest, EachOracleIsNeeded) {
  const std::map<std::string, std::string> found_by_one_alone = {
      {"exclusion", "fast-path-always-succeeds"},
      {"node-safety", "abba-ignores-full-table"},
      {"no-hang", "link-skipped"},
      {"prompt-aa", "half-the-slots"},
      {"nmi", "pending-entry-released-first"},
      {"prompt-abba", "abba-skipped"},
      {"bystanders", "bystanders-told-alone"},
      {"error-cause", "pending-timeout-halved"},
      {"own-limit", "pending-timeout-doubled"},
      {"inherited-limit", "destroyed-waits-on"},
      {"fair", "hand-over-passed-on"},
      {"context", "irqsave-restores-preemption-first"},
      {"recovery", "deep-slots-kept"},
      {"violation-report", "bpf-error-not-reported"},
  };
  const std::vector<Bug> bugs = *BrokenBugs();
  const std::map<std::string, FoundBy> recorded = Recorded();
  for (const std::string_view oracle : OracleNames()) {
    // Rules for callers and machines, which no lock can break.
    if (oracle == "caller-rule" || oracle == "deadlock-by-caller" || oracle == "not-usable-in-nmi") continue;
    if (oracle == "misuse" || oracle == "corruption" || oracle == "weak-cas") continue;
    const auto row = found_by_one_alone.find(std::string(oracle));
    ASSERT_NE(row, found_by_one_alone.end()) << "no broken lock is found by " << oracle << " alone";
    const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const Bug& b) { return b.name == row->second; });
    ASSERT_NE(bug, bugs.end()) << row->second;
    std::set<std::string> oracles = recorded.at(bug->name).oracles;
    for (const char* strategy : {"dense", "uniform-schedule"}) AddOracles(*bug, {strategy, 1, 20'000}, oracles);
    EXPECT_EQ(oracles, std::set<std::string>{row->first}) << row->second;
  }
}

TEST(BrokenLocksTest, TheRightLockIsNotFound) {
  const Bug none = *NoBug();
  for (const auto& [name, found] : Recorded()) {
    const Verdict verdict = PlayAgain(none, found);
    EXPECT_FALSE(none.IsFoundBy(verdict)) << "what finds " << name << ": " << verdict.message;
  }
  std::set<std::string> oracles;
  AddOracles(none, kStages[0], oracles);
  EXPECT_TRUE(oracles.empty()) << absl::StrJoin(oracles, " ");
}

}  // namespace
}  // namespace rqfuzz
