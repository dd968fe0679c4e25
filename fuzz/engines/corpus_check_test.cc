#include "fuzz/engines/corpus_check.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "fuzz/engines/corpus_add.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

constexpr char kUpstream[] = RQFUZZ_SOURCE_DIR "/corpus/upstream";

// The bug aa-missed-after-cas with things that it does not need.
constexpr char kRaw[] =
    "# Found somewhere.\n"
    "lock rqspinlock linux-6.17 generic\n"
    "locks 2\n"
    "\n"
    "cpu 0\n"
    "  work 5us\n"
    "  acquire A\n"
    "  release A\n"
    "\n"
    "cpu 1\n"
    "  acquire B\n"
    "  release B\n"
    "\n"
    "nmi 0 in cpu 0 acquire A access 3\n"
    "  acquire A\n"
    "  release A\n";

class CorpusCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "corpus_check_test_" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/regressions");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << content;
    return folder_ + "/" + name;
  }
  // The only offence in a file with this content.
  std::string OffenceOf(const std::string& name, const std::string& content) const {
    const CorpusCheck check = CheckCorpusFile(Write(name, content));
    EXPECT_EQ(check.offences.size(), 1u);
    return check.offences.empty() ? "" : check.offences.front();
  }

  std::string folder_;
};

TEST_F(CorpusCheckTest, EachOffenceIsNamedWithItsMend) {
  const std::string lock = "lock rqspinlock linux-7.2 generic\n";
  const std::string rest = "locks 1\n\ncpu 0\n  acquire A\n  release A\n";
  EXPECT_TRUE(CheckCorpusFile(Write("good.rqs", "expect linux-7.2 pass\n" + lock + rest)).offences.empty());
  EXPECT_NE(OffenceOf("bad.rqs", "lok").find("bad.rqs:1:1: "), std::string::npos);
  EXPECT_NE(OffenceOf("silent.rqs", lock + rest).find("says no verdict"), std::string::npos);
  EXPECT_NE(OffenceOf("sloppy.rqs", "expect linux-7.2  pass\n" + lock + rest).find("rqfuzz convert"),
            std::string::npos);
  const std::string wrong = OffenceOf("wrong.rqs", "expect linux-7.2 limit unlock-window\n" + lock + rest);
  EXPECT_NE(wrong.find("expects limit unlock-window on linux-7.2 and gets pass"), std::string::npos) << wrong;
}

TEST_F(CorpusCheckTest, AStarMeansEveryRevision) {
  const std::string text = *ReadFile(std::string(kUpstream) + "/aa-missed-after-cas.rqs");
  const std::string scenario = text.substr(text.find("\nlock ") + 1);
  const CorpusCheck check = CheckCorpusFile(Write("star.rqs", "expect * pass\n" + scenario));
  EXPECT_TRUE(check.unexpected_finding);
  EXPECT_GT(check.verdicts, check.offences.size());
  EXPECT_GE(check.offences.size(), 2u);  // linux-6.15, linux-6.17
}

TEST_F(CorpusCheckTest, AnyBytesAreABinaryScenario) {
  EXPECT_TRUE(CheckCorpusFile(Write("bytes", "\x13\x37")).offences.empty());
}

TEST_F(CorpusCheckTest, WhatIsAddedIsMinimalToldAndChecked) {
  const auto added = AddToCorpus(Write("raw.rqs", kRaw), folder_, "");
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->path, folder_ + "/regressions/prompt-aa-holder-acquiring-missed-as-pending.rqs");
  const auto file = ReadScenarioFile(added->path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->scenario, ReadScenarioFile(std::string(kUpstream) + "/aa-missed-after-cas.rqs")->scenario);
  EXPECT_EQ(file->comments, std::vector<std::string>{added->verdict.message});
  EXPECT_EQ(file->expectations.size(), added->rows.size());
  const CorpusCheck check = CheckCorpusFile(added->path);
  EXPECT_TRUE(check.offences.empty());
  EXPECT_EQ(check.verdicts, added->rows.size());
}

TEST_F(CorpusCheckTest, WhatCannotBeAddedIsRefusedAndNothingIsWritten) {
  const std::string raw = Write("raw.rqs", kRaw);
  EXPECT_FALSE(AddToCorpus(raw, folder_ + "/missing", "").ok());
  EXPECT_FALSE(AddToCorpus(raw, folder_, "../up").ok());
  EXPECT_FALSE(AddToCorpus(folder_ + "/missing.rqs", folder_, "").ok());
  const std::string passes = Write("pass", "");
  EXPECT_NE(std::string(AddToCorpus(passes, folder_, "").status().message()).find("bisect"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/regressions"));
  ASSERT_TRUE(AddToCorpus(raw, folder_, "one").ok());
  EXPECT_NE(std::string(AddToCorpus(raw, folder_, "two").status().message()).find("the same scenario"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/regressions/two.rqs"));
}

}  // namespace
}  // namespace rqfuzz
