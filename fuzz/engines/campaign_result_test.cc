#include "fuzz/engines/campaign_result.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rqfuzz {
namespace {

CampaignResult Example() {
  CampaignResult result;
  result.lock = "rqspinlock linux-6.17";
  result.seed = 7;
  result.jobs = 2;
  result.executions = 1'234'567;
  result.seconds = 10.00049;
  Finding finding;
  finding.oracle = "prompt-aa";
  finding.cause = "missed-by-table";
  finding.message = "The NMI waited 250 ms.";
  finding.executions = 99;
  finding.seconds = 0.25;
  finding.minimized = true;
  result.findings = {finding};
  result.files = {"out/findings/x.rqs"};
  result.bugs = {"bug-of-the-catalogue"};
  result.known = {{"rqspinlock", "linux-6.17", "fair", "overtaken", "corpus/discoveries/y.rqs"}};
  return result;
}

TEST(CampaignResultTest, JsonHasTheAgreedForm) {
  const auto json = nlohmann::json::parse(JsonOf(Example()));
  EXPECT_EQ(json, nlohmann::json::parse(R"({
      "executions": 1234567, "seconds": 10.0,
      "findings": [{"oracle": "prompt-aa", "cause": "missed-by-table", "file": "out/findings/x.rqs",
                    "executions": 99, "seconds": 0.25}],
      "known": [{"oracle": "fair", "cause": "overtaken", "file": "corpus/discoveries/y.rqs"}]})"));
}

TEST(CampaignResultTest, JsonOfNothingHasEmptyArrays) {
  const auto json = nlohmann::json::parse(JsonOf(CampaignResult()));
  EXPECT_TRUE(json["findings"].is_array() && json["findings"].empty());
  EXPECT_TRUE(json["known"].is_array() && json["known"].empty());
}

TEST(CampaignResultTest, JsonToleratesFileNamesOfAnyBytes) {
  CampaignResult result = Example();
  result.files = {"out/\xFF.rqs"};
  EXPECT_TRUE(nlohmann::json::accept(JsonOf(result)));
}

TEST(CampaignResultTest, SummaryTellsFindingsFromKnownCauses) {
  const std::string summary = SummaryOf(Example());
  EXPECT_NE(summary.find("1,234,567 executions"), std::string::npos) << summary;
  EXPECT_NE(summary.find("1 finding:"), std::string::npos) << summary;
  EXPECT_NE(summary.find("prompt-aa missed-by-table (bug-of-the-catalogue)"), std::string::npos) << summary;
  EXPECT_NE(summary.find("The NMI waited 250 ms."), std::string::npos) << summary;
  EXPECT_NE(summary.find("rqfuzz replay --trace out/findings/x.rqs"), std::string::npos) << summary;
  EXPECT_NE(summary.find("known: fair overtaken: corpus/discoveries/y.rqs"), std::string::npos) << summary;
  EXPECT_EQ(summary.find("interrupted"), std::string::npos) << summary;
}

}  // namespace
}  // namespace rqfuzz
