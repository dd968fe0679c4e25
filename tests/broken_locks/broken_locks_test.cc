// Every broken lock is found, and the right lock is not, under the same seeds and as many executions. Who finds what is
// kept as text in found_by.txt; to rewrite it after a change that is meant, run the test with RQFUZZ_UPDATE=1 in the
// environment and read the difference.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
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
constexpr Stage kStages[] = {{"dense", 1, 4'000}, {"uniform", 1, 120'000}, {"sparse", 2, 400'000}};

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

const std::map<std::string, FoundBy>& FoundByName() {
  static const std::map<std::string, FoundBy> all = [] {
    std::map<std::string, FoundBy> found;
    for (const Bug& bug : BrokenBugs()) found[bug.name] = Find(bug);
    return found;
  }();
  return all;
}

std::string Line(const std::string& name, const FoundBy& found) {
  return absl::StrFormat("%-42s %-8s %4d %9d  %s\n", name, found.stage->strategy, found.stage->seed,
                         found.first_execution, absl::StrJoin(found.oracles, " "));
}

TEST(BrokenLocksTest, EachIsFoundAsRecorded) {
  std::string text = absl::StrFormat("%-42s %-8s %4s %9s  %s\n", "# defect", "strategy", "seed", "execution",
                                     "oracles that speak");
  for (const auto& [name, found] : FoundByName()) {
    EXPECT_NE(found.stage, nullptr) << name << " is not found";
    if (found.stage != nullptr) text += Line(name, found);
  }
  if (std::getenv("RQFUZZ_UPDATE") != nullptr) {
    ASSERT_TRUE(WriteFile(kFoundBy, text).ok());
  }
  const absl::StatusOr<std::string> recorded = ReadFile(kFoundBy);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(text, *recorded);
}

// For each oracle there is a broken lock that would pass without it.
TEST(BrokenLocksTest, EachOracleIsNeeded) {
  std::set<std::string> needed;
  for (const auto& [name, found] : FoundByName()) {
    if (found.oracles.size() == 1) needed.insert(*found.oracles.begin());
  }
  for (const std::string_view oracle : OracleNames()) {
    if (oracle == "caller-rule") continue;  // a rule for callers, which no lock can break
    EXPECT_TRUE(needed.contains(std::string(oracle))) << "nothing is found by " << oracle << " alone";
  }
}

TEST(BrokenLocksTest, TheRightLockIsNotFound) {
  const Bug right = {.name = "none", .lock_type = &UnbrokenLock().generic, .broken = &UnbrokenLock()};
  const FoundBy found = Find(right);
  EXPECT_EQ(found.stage, nullptr) << absl::StrJoin(found.oracles, " ") << " at execution " << found.first_execution;
}

}  // namespace
}  // namespace rqfuzz
