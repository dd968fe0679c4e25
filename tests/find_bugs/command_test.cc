// `rqfuzz bench find-bugs` from outside.
#include <sys/wait.h>

#include <cstdio>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rqfuzz {
namespace {

struct Outcome {
  int status;
  std::string out;
};

Outcome FindBugs(const std::string& arguments) {
  Outcome outcome;
  FILE* pipe = popen((RQFUZZ_BINARY " bench find-bugs " + arguments + " 2>&1").c_str(), "r");
  char buffer[4096];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) outcome.out += buffer;
  outcome.status = WEXITSTATUS(pclose(pipe));
  return outcome;
}

TEST(FindBugsCommandTest, FindsTheCatalogue) {
  const Outcome outcome = FindBugs("--only real --seeds 2 --limit 30 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.out;
  const nlohmann::json bugs = nlohmann::json::parse(outcome.out)["bugs"];
  EXPECT_GE(bugs.size(), 11u);
  for (const nlohmann::json& bug : bugs) {
    EXPECT_EQ(bug["kind"], "real");
    EXPECT_EQ(bug["found"], 2) << bug;
    EXPECT_GE(bug["executions"]["worst"], bug["executions"]["median"]) << bug;
  }
}

TEST(FindBugsCommandTest, ComparesStrategies) {
  const Outcome outcome = FindBugs("--only real --seeds 1 --limit 30 --strategy sparse,uniform --json");
  ASSERT_EQ(outcome.status, 0) << outcome.out;
  std::set<std::string> strategies;
  const nlohmann::json bugs = nlohmann::json::parse(outcome.out)["bugs"];
  for (const nlohmann::json& bug : bugs) strategies.insert(bug["strategy"]);
  EXPECT_EQ(strategies, (std::set<std::string>{"sparse", "uniform"}));
}

TEST(FindBugsCommandTest, BadUsageIsTold) {
  const Outcome outcome = FindBugs("--strategy clever");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("clever"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("--help"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace rqfuzz
