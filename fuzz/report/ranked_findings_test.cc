#include "fuzz/report/ranked_findings.h"

#include <gtest/gtest.h>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>

#include "fuzz/report/junit.h"
#include "fuzz/report/sarif.h"

namespace rqfuzz {
namespace {

Finding Example(const std::string& oracle, const std::string& cause, unsigned cpus = 1) {
  Finding finding;
  finding.oracle = oracle;
  finding.cause = cause;
  finding.message = "\"CPU 0\" waited & waited <250 ms>.";
  finding.executions = 12'345;
  finding.minimized = true;
  finding.scenario.lock_type = locks::FindLockType("rqspinlock", "linux-6.17", "generic");
  finding.scenario.cpu_count = static_cast<std::uint8_t>(cpus);
  return finding;
}

std::vector<RankedFinding> Rank(std::vector<Finding> findings) {
  const absl::StatusOr<KnownCauses> upstream = KnownCauses::LoadUpstream();
  return Ranked(std::move(findings), FindingStore("out/findings"), *upstream, KnownCauses());
}

TEST(RankedFindingsTest, NewThenGraveThenSmall) {
  const auto ranked = Rank({Example("prompt-aa", "holder-acquiring-missed-as-pending"),  // in the catalogue
                            Example("fair", "new"), Example("no-hang", "large", 8), Example("no-hang", "small", 2),
                            Example("exclusion", "new", 8)});
  std::vector<std::string> order;
  for (const RankedFinding& finding : ranked) order.push_back(finding.finding.oracle + " " + finding.finding.cause);
  EXPECT_EQ(order, (std::vector<std::string>{"exclusion new", "no-hang small", "no-hang large", "fair new",
                                             "prompt-aa holder-acquiring-missed-as-pending"}));
  EXPECT_EQ(ranked.back().bug, "aa-missed-after-cas");
  EXPECT_EQ(ranked.front().bug, "");
}

TEST(RankedFindingsTest, TheTableSaysWhatIsNotMinimised) {
  Finding raw = Example("fair", "new", 3);
  raw.minimized = false;
  EXPECT_EQ(FindingsTable(Rank({Example("exclusion", "second-owner"), raw})),
            "   promise and cause       revision      size  executions  known as\n"
            "1  exclusion second-owner  linux-6.17   1/0/0      12,345  new\n"
            "   out/findings/exclusion-second-owner-linux-6.17/finding.rqs\n"
            "2  fair new                linux-6.17  3/0/0+      12,345  new\n"
            "   out/findings/fair-new-linux-6.17/finding.rqs\n");
  EXPECT_EQ(FindingsTable({}), "no findings\n");
}

TEST(RankedFindingsTest, SarifHasARuleForEachPromiseAndAResultForEachFinding) {
  const auto json = nlohmann::json::parse(SarifOf(Rank({Example("fair", "one"), Example("fair", "two")})));
  EXPECT_EQ(json["version"], "2.1.0");
  const auto& run = json["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 1u);
  ASSERT_EQ(run["results"].size(), 2u);
  EXPECT_EQ(run["results"][0]["ruleId"], "fair");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "out/findings/fair-one-linux-6.17/finding.rqs");
  EXPECT_NE(run["results"][0]["partialFingerprints"], run["results"][1]["partialFingerprints"]);
  const auto nothing = nlohmann::json::parse(SarifOf({}));
  EXPECT_TRUE(nothing["runs"][0]["results"].is_array() && nothing["runs"][0]["results"].empty());
}

TEST(RankedFindingsTest, JunitFailsForEachFindingAndPassesWithoutAny) {
  const auto parse = [](const std::string& xml) {
    boost::property_tree::ptree tree;
    std::istringstream in(xml);
    boost::property_tree::read_xml(in, tree);
    return tree.get_child("testsuites.testsuite");
  };
  const auto suite = parse(JunitOf(Rank({Example("fair", "one"), Example("fair", "two")})));
  EXPECT_EQ(suite.get<int>("<xmlattr>.failures"), 2);
  EXPECT_EQ(suite.count("testcase"), 2u);
  EXPECT_EQ(suite.get<std::string>("testcase.failure.<xmlattr>.message"), "\"CPU 0\" waited & waited <250 ms>.");
  const auto nothing = parse(JunitOf({}));
  EXPECT_EQ(nothing.get<int>("<xmlattr>.failures"), 0);
  EXPECT_EQ(nothing.get<int>("<xmlattr>.tests"), 1);
  EXPECT_EQ(nothing.count("testcase"), 1u);
}

}  // namespace
}  // namespace rqfuzz
