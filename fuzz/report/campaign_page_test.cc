#include "fuzz/report/campaign_page.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "fuzz/engines/progress_journal.h"

namespace rqfuzz {
namespace {

class CampaignPageTest : public testing::Test {
 protected:
  CampaignPageTest() : folder_(testing::TempDir() + "campaign_page_test") {
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
