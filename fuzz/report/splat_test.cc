#include "fuzz/report/splat.h"

#include <gtest/gtest.h>

#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

std::string SplatOf(const std::string& name) {
  const absl::StatusOr<ScenarioFile> file =
      ReadScenarioFile(std::string(RQFUZZ_SOURCE_DIR) + "/corpus/upstream/" + name + ".rqs");
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!file.ok() || !upstream.ok()) return {};
  return Splat(file->scenario, name + ".rqs", *upstream);
}

TEST(SplatTest, SaysWhatWasBrokenWhereAndHowToSeeIt) {
  const std::string text = SplatOf("aa-missed-after-cas");
  EXPECT_TRUE(text.starts_with("WARNING: prompt-aa")) << text;
  EXPECT_NE(text.find("(aa-missed-after-cas)"), text.npos) << text;
  EXPECT_NE(text.find("aa-missed-after-cas.rqs"), text.npos) << text;
}

TEST(SplatTest, IsTheSameEachTime) { EXPECT_EQ(SplatOf("lone-head"), SplatOf("lone-head")); }

}  // namespace
}  // namespace rqfuzz
