#include "fuzz/report/campaign_page.h"

#include <filesystem>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/finding_store.h"
#include "fuzz/engines/progress_journal.h"
#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

class CampaignPageTest : public testing::Test {
 protected:
  CampaignPageTest() : folder_(absl::StrCat(testing::TempDir(), "campaign_page_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/corpus");
    std::filesystem::create_directories(folder_ + "/findings");
  }
  ~CampaignPageTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(CampaignPageTest, AFolderWithNothingInItHasAPage) {
  EXPECT_NE(CampaignPage(folder_).find("no data"), std::string::npos);
}

TEST_F(CampaignPageTest, FindingsSayWhatTheyBrokeAndLeadToTheirReports) {
  const Execution execution = ExecutedBug("lone-head");
  Finding finding;
  finding.oracle = "no-hang";
  finding.cause = "head-waits-without-a-clock";
  finding.message = "It hangs.";
  finding.executions = 1234;
  finding.seconds = 1.25;
  finding.minimized = true;
  finding.scenario = execution.scenario;
  const FindingStore store(folder_ + "/findings");
  const absl::StatusOr<bool> kept = store.Keep(finding);
  ASSERT_TRUE(kept.ok() && *kept) << kept.status();
  const std::string page = CampaignPage(folder_);
  for (const char* const part :
       {">no-hang head-waits-without-a-clock</a> <b>lone-head</b>", "a call waits for ever",
        "3 CPUs, 11 operations, 0 faults; found after 1.2 s and 1,234 executions", "/report.txt\""}) {
    EXPECT_NE(page.find(part), std::string::npos) << part << "\n" << page;
  }
  const std::size_t link = page.find("href=\"findings/") + 6;
  const std::string target = page.substr(link, page.find('"', link) - link);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/" + target)) << target;
}

TEST_F(CampaignPageTest, SpeedIsThatOfTheWholeCampaign) {
  ProgressState state;
  state.seconds = 10;
  state.executions = 50'000;
  ASSERT_TRUE(ProgressJournal::In(folder_).Append(state).ok());
  EXPECT_NE(CampaignPage(folder_).find("50,000 executions, 5,000 a second on average"), std::string::npos);
}

// A campaign that is interrupted as it starts has one record, in which every number is 0.
TEST_F(CampaignPageTest, NumbersMayAllBeZero) {
  ASSERT_TRUE(ProgressJournal::In(folder_).Append(ProgressState{}).ok());
  const std::string page = CampaignPage(folder_);
  EXPECT_NE(page.find("Findings"), std::string::npos);
  EXPECT_TRUE(WriteCampaignPage(folder_).ok());
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/index.html"));
}

}  // namespace
}  // namespace rqfuzz
