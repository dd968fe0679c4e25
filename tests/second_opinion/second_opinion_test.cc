// Each oracle's judgement against a restatement of its promise that works on the printed trace alone.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/status/statusor.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/oracles/judge.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/text.h"
#include "fuzz/scenario/validate.h"
#include "lock/revision.h"
#include "tests/random_inputs.h"
#include "tests/second_opinion/promises.h"

namespace rqfuzz {
namespace {

constexpr unsigned kScenarios = 1'000;
constexpr std::uint64_t kStepsMax = 6'000;  // longer ones are left out: there is nothing new in their later part

struct Tally {
  unsigned compared = 0;
  unsigned broken = 0;  // says the oracle, and so does the restatement
};

bool SpinsOnTrylock(const locks::LockType& type) { return type.contract->trylock_limit_ns != 0; }

class SecondOpinionTest : public testing::Test {
 protected:
  void Compare(const Scenario& scenario) {
    // A trace of several tasks on a CPU does not say whose call goes on, and what misuse and corruption leave is
    // nobody's promise.
    if (HasOptIns(scenario) || FaultCount(scenario, FaultKind::kTask) > 0) return;
    const TracedResult played = PlayTraced(scenario, true);
    const Verdict& verdict = played.result.verdict;
    // Its consequences are all that the oracles speak of then.
    if (verdict.kind == VerdictKind::kCaller) return;
    second_opinion::Promises promises(
        {.spins_on_trylock = SpinsOnTrylock(*scenario.lock_type), .unusual_time = HasUnusualTime(scenario)});
    const second_opinion::Opinion opinion = promises.Judge(played.trace);
    const bool found = verdict.kind == VerdictKind::kFinding;
    bool hidden = false;  // by the verdict, which names one promise only
    for (const std::string_view name : OracleNames()) {
      const std::string oracle(name);
      const bool broken_here = opinion.broken.contains(oracle);
      const bool broken_there = found && verdict.oracle == oracle;
      const bool silent =
          opinion.unsure.contains(oracle) || (broken_there && verdict.cause.starts_with("reschedule-lost"));
      if (!silent && !hidden) {
        ++tallies_[oracle].compared;
        tallies_[oracle].broken += broken_here && broken_there;
        EXPECT_EQ(broken_here, broken_there)
            << oracle << " is " << (broken_here ? "broken" : "kept") << " by the trace, but the verdict is "
            << VerdictKindName(verdict.kind) << " " << verdict.oracle << " " << verdict.cause << ": "
            << verdict.message << "\n"
            << PrintText({{}, {}, scenario});
      }
      hidden = hidden || broken_there;
    }
    ++played_;
  }

  std::map<std::string, Tally> tallies_;
  unsigned played_ = 0;
};

TEST_F(SecondOpinionTest, OraclesAgreeWithTheTrace) {
  for (std::uint64_t index = 0; played_ < kScenarios; ++index) {
    const Scenario scenario = RandomInput(index);
    if (Play(scenario).steps > kStepsMax) continue;
    Compare(scenario);
    if (HasFailure() && played_ % 50 == 0) break;
  }
  // Promises that some revision breaks so often: a comparison in which nobody ever finds anything shows nothing.
  for (const std::string promise : {"no-hang", "prompt-aa", "nmi", "error-cause", "recovery"}) {
    EXPECT_GT(tallies_[promise].broken, 0u) << promise;
  }
  for (const auto& [promise, tally] : tallies_) {
    RecordProperty(promise, std::to_string(tally.broken) + " of " + std::to_string(tally.compared));
  }
}

// What random scenarios come upon too rarely.
TEST_F(SecondOpinionTest, OraclesAgreeWithTheTraceOfTheCatalogue) {
  for (const std::string folder : {"upstream", "discoveries"}) {
    const std::string path = RQFUZZ_SOURCE_DIR "/corpus/" + folder;
    const absl::StatusOr<std::vector<std::string>> names = ListFiles(path);
    ASSERT_TRUE(names.ok()) << names.status();
    for (const std::string& name : *names) {
      if (!IsTextScenario(name)) continue;
      const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path + "/" + name);
      ASSERT_TRUE(file.ok()) << file.status();
      if (file->scenario.lock_type->name != "rqspinlock") continue;
      for (const locks::RevisionRow& row : locks::kRevisions) {
        Scenario scenario = file->scenario;
        scenario.lock_type = locks::FindLockType("rqspinlock", row.name, scenario.lock_type->build);
        if (Validate(scenario).ok()) Compare(scenario);
      }
    }
  }
  for (const std::string promise : {"no-hang", "prompt-aa", "nmi", "bystanders", "error-cause", "recovery"}) {
    EXPECT_GT(tallies_[promise].broken, 0u) << promise;
  }
}

}  // namespace
}  // namespace rqfuzz
