#include "fuzz/report/corpus_survey.h"

#include <filesystem>
#include <numeric>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"

namespace rqfuzz {
namespace {

class CorpusSurveyTest : public testing::Test {
 protected:
  CorpusSurveyTest() : folder_(absl::StrCat(testing::TempDir(), "corpus_survey_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~CorpusSurveyTest() override { std::filesystem::remove_all(folder_); }

  void Add(const std::string& name, const std::string& text) {
    ASSERT_TRUE(WriteFile(absl::StrCat(folder_, "/", name), text).ok());
  }

  std::string folder_;
};

constexpr char kOneCpu[] = "lock rqspinlock linux-7.2 generic\nlocks 1\n\ncpu 0\n  acquire A\n  release A\n";

TEST_F(CorpusSurveyTest, AStateIsTailPendingLocked) {
  EXPECT_EQ(WordStateName(0), "0,0,0");
  EXPECT_EQ(WordStateName(1), "0,0,1");
  EXPECT_EQ(WordStateName(6), "tail,1,0");
}

TEST_F(CorpusSurveyTest, CountsWhatScenariosWriteToWords) {
  Add("a.rqs", kOneCpu);
  Add("b.rqs", kOneCpu);
  const CorpusSurvey survey = SurveyCorpus(folder_, 10);
  EXPECT_EQ(survey.files, 2u);
  EXPECT_EQ(survey.played, 2u);
  EXPECT_EQ(survey.transitions[0][1], 2u);
  EXPECT_EQ(survey.transitions[1][0], 2u);
  EXPECT_EQ(std::accumulate(survey.entered.begin(), survey.entered.end(), 0u), 4u);
}

TEST_F(CorpusSurveyTest, CountsFaultsAndStopsWhereItIsTold) {
  const std::string with_nmi =
      absl::StrCat(kOneCpu, "\nnmi 0 in cpu 0 acquire A access 1\n  acquire A\n  release A\n");
  Add("a.rqs", with_nmi);
  Add("b.rqs", with_nmi);
  const CorpusSurvey survey = SurveyCorpus(folder_, 1);
  EXPECT_EQ(survey.files, 2u);
  EXPECT_EQ(survey.played, 1u);
  EXPECT_EQ(survey.faults[static_cast<unsigned>(FaultKind::kNmi)], 1u);
}

TEST_F(CorpusSurveyTest, LocksWithTicketsReachNoState) {
  Add("a.rqs", "lock ticket_spinlock generic\nlocks 1\n\ncpu 0\n  acquire A\n  release A\n");
  const CorpusSurvey survey = SurveyCorpus(folder_, 10);
  EXPECT_EQ(survey.played, 1u);
  EXPECT_EQ(std::accumulate(survey.entered.begin(), survey.entered.end(), 0u), 0u);
}

TEST_F(CorpusSurveyTest, NoFolderHasNoFiles) { EXPECT_EQ(SurveyCorpus(folder_ + "/none", 10).files, 0u); }

}  // namespace
}  // namespace rqfuzz
