// Every scenario that is kept in corpus/ is a test of its own name: it can be read, it reads as it would be written,
// its verdicts are the ones that it says, and nothing can be taken away from what shows a bug.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "fuzz/engines/corpus_check.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

constexpr char kCorpus[] = RQFUZZ_SOURCE_DIR "/corpus";

std::vector<std::string> Files() {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(kCorpus);
  return paths.ok() ? *paths : std::vector<std::string>();
}

// "upstream_lone_head": names of tests are letters, digits and _.
std::string NameOf(const testing::TestParamInfo<std::string>& info) {
  std::string name = std::filesystem::relative(info.param, kCorpus).replace_extension().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class CorpusTest : public testing::TestWithParam<std::string> {};

TEST_P(CorpusTest, IsWhatItSays) {
  EXPECT_TRUE(IsTextScenario(GetParam())) << "a corpus that people review is text";
  const CorpusCheck check = CheckCorpusFile(GetParam());
  EXPECT_TRUE(check.offences.empty()) << absl::StrJoin(check.offences, "\n");
  EXPECT_GT(check.verdicts, 0u);
}

INSTANTIATE_TEST_SUITE_P(Corpus, CorpusTest, testing::ValuesIn(Files()), NameOf);

TEST(CorpusFolderTest, HasWhatItHadAndMore) { EXPECT_GE(Files().size(), 31u); }

}  // namespace
}  // namespace rqfuzz
