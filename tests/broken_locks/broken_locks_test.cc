// Every broken lock is found, and the right lock is not, under the same seeds and as many executions. Who finds what
// is kept as text in found_by.txt; to rewrite it after a change that is meant, run the test with RQFUZZ_UPDATE=1 in
// the environment and read the difference.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/oracles/judge.h"
#include "tests/find_bugs/bug.h"
#include "tests/find_bugs/strategy.h"

namespace rqfuzz {
namespace {

constexpr char kFoundBy[] = RQFUZZ_SOURCE_DIR "/tests/broken_locks/found_by.txt";

struct Stage {
  const char* strategy;
  std::uint64_t seed;
  unsigned executions;
};
// All executions of the first stage are played, to see which oracles speak. The later ones are for what it does not
// find, and end with the first finding.
constexpr Stage kStages[] = {{"dense", 1, 4'000}, {"uniform-schedule", 1, 120'000}, {"sparse", 2, 400'000}};

struct FoundBy {
  const Stage* stage = nullptr;  // null: not found
  unsigned first_execution = 0;
  std::set<std::string> oracles;
};

FoundBy Find(const Bug& bug) {
  FoundBy found;
  for (const Stage& stage : kStages) {
    const std::unique_ptr<Strategy> strategy = MakeStrategy(stage.strategy, stage.seed);
    for (unsigned execution = 1; execution <= stage.executions; ++execution) {
      const Verdict verdict = strategy->PlayNext(bug);
      if (!bug.IsFoundBy(verdict)) continue;
      if (found.stage == nullptr) {
        found.stage = &stage;
        found.first_execution = execution;
      }
      found.oracles.emplace(verdict.oracle);
      if (&stage != &kStages[0]) break;
    }
    if (found.stage != nullptr) break;
  }
  return found;
}

// The oracles that speak in many executions.
std::set<std::string> OraclesOf(const Bug& bug) {
  std::set<std::string> oracles;
  for (const auto& [name, executions] : {std::pair("dense", 20'000), std::pair("uniform-schedule", 20'000)}) {
    const std::unique_ptr<Strategy> strategy = MakeStrategy(name, 1);
    for (int i = 0; i < executions; ++i) {
      const Verdict verdict = strategy->PlayNext(bug);
      if (bug.IsFoundBy(verdict)) oracles.emplace(verdict.oracle);
    }
  }
  // Some defects show more rarely than that.
  return oracles.empty() ? Find(bug).oracles : oracles;
}

std::string Line(const std::string& name, const FoundBy& found) {
  return absl::StrFormat("%-42s %-16s %4d %9d  %s\n", name, found.stage->strategy, found.stage->seed,
                         found.first_execution, absl::StrJoin(found.oracles, " "));
}

TEST(BrokenLocksTest, EachIsFoundAsRecorded) {
  std::string text =
      absl::StrFormat("%-42s %-16s %4s %9s  %s\n", "# defect", "strategy", "seed", "execution", "oracles that speak");
  const std::vector<Bug> bugs = *BrokenBugs();
  for (const Bug& bug : bugs) {
    const FoundBy found = Find(bug);
    EXPECT_NE(found.stage, nullptr) << bug.name << " is not found";
    if (found.stage != nullptr) text += Line(bug.name, found);
  }
  if (std::getenv("RQFUZZ_UPDATE") != nullptr) {
    ASSERT_TRUE(WriteFile(kFoundBy, text).ok());
  }
  const absl::StatusOr<std::string> recorded = ReadFile(kFoundBy);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(text, *recorded);
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
  for (const std::string_view oracle : OracleNames()) {
    // Rules for callers and machines, which no lock can break.
    if (oracle == "caller-rule" || oracle == "deadlock-by-caller" || oracle == "not-usable-in-nmi") continue;
    if (oracle == "misuse" || oracle == "corruption" || oracle == "weak-cas") continue;
    const auto row = found_by_one_alone.find(std::string(oracle));
    ASSERT_NE(row, found_by_one_alone.end()) << "no broken lock is found by " << oracle << " alone";
    const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const Bug& b) { return b.name == row->second; });
    ASSERT_NE(bug, bugs.end()) << row->second;
    EXPECT_EQ(OraclesOf(*bug), std::set<std::string>{row->first}) << row->second;
  }
}

TEST(BrokenLocksTest, TheRightLockIsNotFound) {
  const FoundBy found = Find(*NoBug());
  EXPECT_EQ(found.stage, nullptr) << absl::StrJoin(found.oracles, " ") << " at execution " << found.first_execution;
}

}  // namespace
}  // namespace rqfuzz
