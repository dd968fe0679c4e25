#include "fuzz/report/splat.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/report/columns.h"

namespace rqfuzz {
namespace {

constexpr char kUpstream[] = RQFUZZ_SOURCE_DIR "/corpus/upstream";

std::string SplatOf(const std::string& name) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(absl::StrCat(kUpstream, "/", name, ".rqs"));
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  if (!file.ok() || !upstream.ok()) return {};
  return Splat(file->scenario, name + ".rqs", *upstream);
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(kUpstream);
  for (const std::string& path : paths.value_or(std::vector<std::string>())) {
    names.push_back(std::filesystem::path(path).stem().string());
  }
  return names;
}

// Every bug of the catalogue, as its reader meets it.
class CatalogueSplatTest : public testing::TestWithParam<std::string> {};

TEST_P(CatalogueSplatTest, FitsOnAScreen) {
  std::istringstream text(SplatOf(GetParam()));
  std::size_t lines = 0;
  std::size_t width = 0;
  for (std::string line; std::getline(text, line); ++lines) width = std::max(width, line.size());
  EXPECT_GT(lines, 20u);
  EXPECT_LE(lines, 50u);
  EXPECT_LE(width, kTableWidth);
}

TEST_P(CatalogueSplatTest, HasAllItsParts) {
  const std::string text = SplatOf(GetParam());
  EXPECT_TRUE(text.starts_with("WARNING: ")) << text;
  const std::vector<std::string> parts = {absl::StrCat("known bug ", GetParam(), ";"),
                                          "Who holds and wants what, at ",
                                          "\nSteps (",
                                          "\n>>",
                                          "\n >",
                                          "Call traces:\n  CPU ",
                                          " lock/",
                                          "The contract (section 10, ",
                                          "On each revision:\n",
                                          absl::StrCat("(", GetParam(), "): "),
                                          absl::StrCat("Play it again: rqfuzz explain ", GetParam(), ".rqs")};
  for (const std::string& part : parts) {
    EXPECT_TRUE(absl::StrContains(text, part)) << "lacks: " << part << "\n" << text;
  }
  // What happened, after what was promised, names the step that was done otherwise.
  const std::size_t promise = text.find("The contract (section 10, ");
  EXPECT_NE(text.find("(section", promise + 20), std::string::npos) << text;
  // Releases are no attempts, so the lock reports nothing of them.
  if (GetParam() == "preempt-before-irq") return;
  for (const char* const part : {"\nAttempted lock   = ", "\nTotal held locks = "}) {
    EXPECT_TRUE(absl::StrContains(text, part)) << "lacks: " << part << "\n" << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Upstream, CatalogueSplatTest, testing::ValuesIn(Names()),
                         [](const testing::TestParamInfo<std::string>& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(SplatTest, CyclesAreDrawn) {
  for (const char* const name : {"aa-late", "aa-missed-after-cas", "bystanders-punished", "nmi-behind-itself",
                                 "nmi-behind-stranger", "nmi-starves"}) {
    const std::string text = SplatOf(name);
    EXPECT_TRUE(absl::StrContains(text, "+-> CPU ")) << text;
    EXPECT_TRUE(absl::StrContains(text, "---+\n\n")) << text;
  }
}

TEST(SplatTest, WhoIsInNoCycleStandsOutsideIt) {
  EXPECT_TRUE(absl::StrContains(SplatOf("bystanders-punished"),
                                "  CPU 3 (task) --wants A, behind--> +-> CPU 2 (task) --wants A--> "
                                "CPU 0 (task) --wants B--+\n"));
  EXPECT_TRUE(absl::StrContains(SplatOf("lone-head"),
                                "  CPU 2 (task) --waits for a store to cpu 2 node 0 next by--> nobody\n"));
}

TEST(SplatTest, IsTheSameEachTime) { EXPECT_EQ(SplatOf("lone-head"), SplatOf("lone-head")); }

}  // namespace
}  // namespace rqfuzz
