// The catalogue of real bugs against every revision: each is found in the revisions that have it and in no other,
// and none in the newest. The whole matrix is kept as text beside this file; to rewrite it after a change that is
// meant, run the test with RQFUZZ_UPDATE=1 in the environment and read the difference.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/engines/bisect.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

constexpr char kFolder[] = RQFUZZ_SOURCE_DIR "/corpus/upstream";
constexpr char kMatrix[] = RQFUZZ_SOURCE_DIR "/tests/upstream_matrix.txt";

std::string MatrixOf(const std::string& name) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(std::string(kFolder) + "/" + name);
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  EXPECT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(upstream.ok()) << upstream.status();
  return name + "\n" + BisectText(Bisect(file->scenario, *upstream, /*all_locks=*/false));
}

TEST(UpstreamMatrixTest, IsAsRecorded) {
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(kFolder);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_GE(names->size(), 11u);
  std::string matrix;
  for (const std::string& name : *names) matrix += MatrixOf(name);
  if (std::getenv("RQFUZZ_UPDATE") != nullptr) {
    ASSERT_TRUE(WriteFile(kMatrix, matrix).ok());
  }
  const absl::StatusOr<std::string> recorded = ReadFile(kMatrix);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(matrix, *recorded);
}

// What the files themselves say of each revision.
TEST(UpstreamMatrixTest, EveryExpectationHolds) {
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(kFolder);
  ASSERT_TRUE(names.ok()) << names.status();
  for (const std::string& name : *names) {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(std::string(kFolder) + "/" + name);
    ASSERT_TRUE(file.ok()) << file.status();
    Scenario scenario = file->scenario;
    unsigned findings = 0;
    bool passes_on_newest = false;
    for (const Expectation& expectation : file->expectations) {
      scenario.lock_type = locks::FindLockType(file->scenario.lock_type->name, expectation.revision,
                                               file->scenario.lock_type->build);
      ASSERT_NE(scenario.lock_type, nullptr) << name;
      const Verdict verdict = Play(scenario).verdict;
      EXPECT_EQ(VerdictKindName(verdict.kind), expectation.verdict) << name << " " << expectation.revision;
      EXPECT_EQ(verdict.oracle, expectation.oracle) << name << " " << expectation.revision;
      EXPECT_EQ(verdict.cause, expectation.cause) << name << " " << expectation.revision;
      findings += verdict.kind == VerdictKind::kFinding;
      passes_on_newest |= expectation.revision == "linux-7.2" && verdict.kind == VerdictKind::kPass;
    }
    EXPECT_GE(findings, 1u) << name;
    EXPECT_TRUE(passes_on_newest) << name;
  }
}

}  // namespace
}  // namespace rqfuzz
