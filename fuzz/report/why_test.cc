#include "fuzz/report/why.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/oracles/judge.h"

namespace rqfuzz {
namespace {

Verdict Finding(std::string_view oracle, std::string cause) {
  return {
      .kind = VerdictKind::kFinding, .oracle = oracle, .cause = std::move(cause), .message = "It broke.", .event = 0};
}

// Every finding that a scenario in corpus/ expects of some revision is explained by a paragraph of its own.
TEST(WhyTest, TheCausesOfTheCorpusAreExplained) {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(RQFUZZ_SOURCE_DIR "/corpus/upstream");
  ASSERT_TRUE(paths.ok());
  unsigned findings = 0;
  for (const std::string& path : *paths) {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path);
    ASSERT_TRUE(file.ok());
    for (const Expectation& expectation : file->expectations) {
      if (expectation.verdict != "finding") continue;
      ++findings;
      const Verdict verdict = Finding(expectation.oracle, expectation.cause);
      EXPECT_NE(PromiseOf(verdict), nullptr) << path;
      EXPECT_TRUE(absl::StrContains(std::string(ExplanationOf(verdict)), "(section ")) << path << expectation.cause;
    }
  }
  EXPECT_GE(findings, 20u);
}

TEST(WhyTest, EveryOracleHasItsPromise) {
  for (const char* const oracle :
       {"exclusion", "node-safety", "no-hang", "prompt-aa", "nmi", "prompt-abba", "bystanders", "error-cause",
        "own-limit", "inherited-limit", "fair", "context", "recovery"}) {
    const Promise* const promise = PromiseOf(Finding(oracle, "x"));
    ASSERT_NE(promise, nullptr) << oracle;
    EXPECT_EQ(promise->oracle, oracle);
  }
  EXPECT_EQ(PromiseOf(Finding("no-such-oracle", "x")), nullptr);
}

TEST(WhyTest, TheNearestCauseIsTaken) {
  const std::string_view queued = ExplanationOf(Finding("prompt-aa", "holder-in-section-late-as-queued"));
  const std::string_view pending = ExplanationOf(Finding("prompt-aa", "holder-in-section-late-as-pending"));
  EXPECT_NE(queued, pending);
  EXPECT_NE(pending, ExplanationOf(Finding("prompt-aa", "something-new")));
  EXPECT_EQ(ExplanationOf(Finding("fair", "something-new")), "");
}

TEST(WhyTest, LimitsBreakNoPromise) {
  Verdict limit = Finding("prompt-aa", "x");
  limit.kind = VerdictKind::kLimit;
  EXPECT_EQ(PromiseOf(limit), nullptr);
  EXPECT_EQ(ExplanationOf(limit), "");
}

}  // namespace
}  // namespace rqfuzz
