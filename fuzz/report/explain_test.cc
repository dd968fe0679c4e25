#include "fuzz/report/explain.h"

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

TEST(ExplainTest, BeginsWithTheWarningAndEndsWithTheScenario) {
  const Scenario scenario = ExecutedBug("aa-late").scenario;
  const std::string text = ExplainScenario(scenario);
  EXPECT_TRUE(text.starts_with("WARNING: prompt-aa: ")) << text;
  EXPECT_NE(text.find("known bug aa-late"), text.npos) << text;
  const std::string heading = "\nfinding.rqs:\n\n";
  const std::size_t begin = text.find(heading);
  ASSERT_NE(begin, text.npos) << text;
  const absl::StatusOr<ScenarioFile> again = ParseText("finding.rqs", text.substr(begin + heading.size()));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->scenario, scenario);
}

}  // namespace
}  // namespace rqfuzz
