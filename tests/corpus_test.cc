// Every scenario that is kept as text: it can be read, it reads as it would be written, and its verdicts are the ones
// that it says. The workloads in corpus/seeds/ say what linux-7.2 does.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/engines/file_io.h"
#include "fuzz/engines/player.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

constexpr char kCorpus[] = RQFUZZ_SOURCE_DIR "/corpus";

std::vector<std::string> Files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCorpus)) {
    if (entry.path().extension() == ".rqs") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void ExpectVerdict(const Scenario& scenario, const Expectation& expectation, const std::string& where) {
  const Verdict verdict = Play(scenario).verdict;
  EXPECT_EQ(VerdictKindName(verdict.kind), expectation.verdict) << where << ": " << verdict.message;
  if (!expectation.oracle.empty()) EXPECT_EQ(verdict.oracle, expectation.oracle) << where;
  if (!expectation.cause.empty()) EXPECT_EQ(verdict.cause, expectation.cause) << where;
}

TEST(CorpusTest, EveryFileIsCanonicalAndItsExpectationsHold) {
  EXPECT_GE(Files().size(), 23u);
  for (const std::string& path : Files()) {
    const absl::StatusOr<std::string> text = ReadFile(path);
    ASSERT_TRUE(text.ok()) << text.status();
    const absl::StatusOr<ScenarioFile> file = ParseText(path, *text);
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(PrintText(*file), *text) << path;
    EXPECT_FALSE(file->expectations.empty()) << path;
    const locks::LockType& type = *file->scenario.lock_type;
    for (const Expectation& expectation : file->expectations) {
      Scenario scenario = file->scenario;
      if (expectation.revision != "*") {
        scenario.lock_type = locks::FindLockType(type.name, expectation.revision, type.build);
      }
      ASSERT_NE(scenario.lock_type, nullptr) << path;
      ExpectVerdict(scenario, expectation, path + " " + expectation.revision);
    }
  }
}

}  // namespace
}  // namespace rqfuzz
