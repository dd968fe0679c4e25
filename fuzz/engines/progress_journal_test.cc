#include "fuzz/engines/progress_journal.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

class ProgressJournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = ::testing::TempDir() + "progress_journal_test_" + std::to_string(getpid()) + "_" + test->name();
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  static ProgressState At(double seconds) {
    ProgressState state;
    state.seconds = seconds;
    state.seconds_total = 60;
    state.executions = static_cast<std::uint64_t>(seconds) * 1000;
    state.features = 17;
    state.states = 5;
    state.workers = {{"libfuzzer", "running", 1, 7, 3}, {"afl", "given up", 3, 9, 0}};
    return state;
  }

  std::string path_;
};

TEST_F(ProgressJournalTest, KeepsWhatItIsGiven) {
  ProgressJournal journal(path_);
  EXPECT_TRUE(journal.Read().empty());
  ASSERT_TRUE(journal.Append(At(1)).ok());
  ASSERT_TRUE(journal.Append(At(2.5)).ok());
  EXPECT_EQ(ProgressJournal(path_).Read(), (std::vector<ProgressState>{At(1), At(2.5)}));
}

TEST_F(ProgressJournalTest, ALineCutShortLosesThatLineOnly) {
  ASSERT_TRUE(ProgressJournal(path_).Append(At(1)).ok());
  ASSERT_TRUE(ProgressJournal(path_).Append(At(2)).ok());
  const std::uintmax_t whole = std::filesystem::file_size(path_);
  ASSERT_TRUE(ProgressJournal(path_).Append(At(3)).ok());
  std::filesystem::resize_file(path_, whole + 40);
  EXPECT_EQ(ProgressJournal(path_).Read().size(), 2u);
  ASSERT_TRUE(ProgressJournal(path_).Append(At(4)).ok());
  EXPECT_EQ(ProgressJournal(path_).Read(), (std::vector<ProgressState>{At(1), At(2), At(4)}));
}

TEST_F(ProgressJournalTest, LinesGetRarer) {
  ProgressJournal journal(path_);
  EXPECT_TRUE(journal.IsDue(0));
  ASSERT_TRUE(journal.Append(At(1)).ok());
  EXPECT_FALSE(journal.IsDue(1.9));
  EXPECT_TRUE(journal.IsDue(2));
  ASSERT_TRUE(journal.Append(At(1000)).ok());
  EXPECT_FALSE(journal.IsDue(1009));
  EXPECT_TRUE(journal.IsDue(1010));
}

}  // namespace
}  // namespace rqfuzz
