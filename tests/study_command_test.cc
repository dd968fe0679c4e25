// `rqfuzz study` from outside.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fuzz/engines/file_io.h"

namespace rqfuzz {
namespace {

struct Outcome {
  int status;
  std::string out;
};

Outcome Study(const std::string& arguments) {
  Outcome outcome;
  FILE* pipe = popen((RQFUZZ_BINARY " study " + arguments + " 2>&1").c_str(), "r");
  char buffer[4096];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) outcome.out += buffer;
  outcome.status = WEXITSTATUS(pclose(pipe));
  return outcome;
}

class StudyCommandTest : public testing::TestWithParam<const char*> {};

TEST_P(StudyCommandTest, WritesTablesAndAChart) {
  const std::string base = testing::TempDir() + "study_" + std::to_string(getpid());
  const Outcome outcome = Study(std::string(GetParam()) + " --quick --json " + base + ".json --svg " + base + ".svg");
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  const nlohmann::json json = nlohmann::json::parse(*ReadFile(base + ".json"));
  EXPECT_EQ(json["study"], GetParam());
  ASSERT_FALSE(json["tables"].empty());
  for (const nlohmann::json& table : json["tables"]) EXPECT_FALSE(table["rows"].empty()) << table["title"];
  EXPECT_NE(ReadFile(base + ".svg")->find("<svg"), std::string::npos);
  std::filesystem::remove(base + ".json");
  std::filesystem::remove(base + ".svg");
}

INSTANTIATE_TEST_SUITE_P(Studies, StudyCommandTest, testing::Values("overhead", "preempted-owners"),
                         [](const auto& info) { return std::string(info.param).substr(0, 8); });

TEST(StudyCommandUsageTest, BadNameIsTold) {
  const Outcome outcome = Study("everything");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("preempted-owners"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace rqfuzz
