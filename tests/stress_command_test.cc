// `rqfuzz stress` from outside.
#include <sys/wait.h>

#include <cstdio>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rqfuzz {
namespace {

struct Outcome {
  int status;
  std::string out;
};

Outcome Stress(const std::string& arguments) {
  Outcome outcome;
  FILE* pipe = popen((RQFUZZ_BINARY " stress " + arguments).c_str(), "r");
  char buffer[4096];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) outcome.out += buffer;
  outcome.status = WEXITSTATUS(pclose(pipe));
  return outcome;
}

TEST(StressCommandTest, TheNewestRevisionKeepsWhatCanBeSeenFromOutside) {
  const Outcome outcome = Stress("--revision proposed --seconds 1 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.out;
  const nlohmann::json json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["revision"], "proposed");
  EXPECT_GT(json["acquired"], 100);
  EXPECT_GT(json["nmis"], 10);
  EXPECT_TRUE(json["findings"].empty());
}

// Mostly in the first second, later on a busy machine; given up after forty.
TEST(StressCommandTest, ARealMachineShowsTheNmiAfterTheCas) {
  bool hit = false;
  for (int seed = 1; seed <= 40 && !hit; ++seed) {
    const Outcome outcome = Stress("--revision linux-6.17 --seconds 1 --json --seed " + std::to_string(seed));
    const nlohmann::json json = nlohmann::json::parse(outcome.out);
    for (const nlohmann::json& finding : json["findings"]) hit = hit || finding["bug"] == "aa-missed-after-cas";
    EXPECT_EQ(outcome.status, json["findings"].empty() ? 0 : 77);
    for (const nlohmann::json& bug : json["simulation"]) {
      if (bug["bug"] == "aa-missed-after-cas") EXPECT_EQ(bug["found"], bug["seeds"]);
    }
  }
  EXPECT_TRUE(hit);
}

TEST(StressCommandTest, BadUsageIsTold) {
  const Outcome outcome = Stress("--revision linux-9.9 2>&1");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("linux-7.2"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace rqfuzz
