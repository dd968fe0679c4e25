#include "fuzz/report/execution_json.h"

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

using nlohmann::json;

// Of one execution; what stands in a row by name, strings looked up.
class ExecutionJsonTest : public testing::Test {
 protected:
  explicit ExecutionJsonTest(const char* bug = "lone-head")
      : execution_(ExecutedBug(bug)), json_(json::parse(ExecutionJson(execution_))) {}

  const json& At(std::size_t row, const char* column) const {
    std::size_t index = 0;
    while (json_["columns"][index] != column) ++index;
    return json_["steps"][row][index];
  }
  std::string Text(std::size_t row, const char* column) const { return json_["strings"][At(row, column).get<int>()]; }
  std::string String(const json& number) const { return json_["strings"][number.get<int>()]; }

  Execution execution_;
  json json_;
};

TEST_F(ExecutionJsonTest, EveryMemberIsInTheReadme) {
  std::ifstream file(RQFUZZ_SOURCE_DIR "/fuzz/report/README.md");
  std::stringstream readme;
  readme << file.rdbuf();
  for (const auto& [member, value] : json_.items()) {
    EXPECT_NE(readme.str().find(absl::StrCat("`", member, "`")), std::string::npos) << member;
  }
  for (const json& column : json_["columns"]) {
    EXPECT_NE(readme.str().find(absl::StrCat("`", column.get<std::string>(), "`")), std::string::npos) << column;
  }
}

TEST_F(ExecutionJsonTest, SaysWhatWasPlayedAndHowItEnded) {
  EXPECT_EQ(json_["format"], 1);
  EXPECT_EQ(json_["lock"], "rqspinlock");
  EXPECT_EQ(json_["revision"], "linux-7.0");
  EXPECT_EQ(json_["cpus"], 3);
  EXPECT_EQ(json_["locks"], json({"A", "B"}));
  EXPECT_EQ(json_["verdict"]["kind"], "finding");
  EXPECT_EQ(json_["verdict"]["oracle"], "no-hang");
  EXPECT_EQ(json_["verdict"]["title"], "a call waits for ever");
}

TEST_F(ExecutionJsonTest, ARowIsAStepAsTheTraceHasIt) {
  ASSERT_EQ(json_["steps"].size(), execution_.traced.trace.size());
  for (std::size_t row = 0; row < json_["steps"].size(); ++row) {
    const TraceLine& line = execution_.traced.trace[row];
    ASSERT_EQ(json_["steps"][row].size(), json_["columns"].size());
    EXPECT_EQ(At(row, "step"), line.step);
    EXPECT_EQ(At(row, "time_ns"), line.time_ns);
    EXPECT_EQ(At(row, "cpu"), line.cpu);
    EXPECT_EQ(Text(row, "action"), line.action);
    EXPECT_EQ(Text(row, "location"), line.location);
    EXPECT_EQ(Text(row, "new"), line.new_value);
  }
}

TEST_F(ExecutionJsonTest, MarksNameTheirRowsAndOneIsTheVerdict) {
  unsigned verdicts = 0;
  for (const json& mark : json_["marks"]) {
    EXPECT_LT(mark["row"].get<std::size_t>(), json_["steps"].size());
    if (!mark["cpu"].is_null()) EXPECT_EQ(mark["cpu"], At(mark["row"], "cpu")) << mark;
    verdicts += mark["verdict"].get<bool>();
  }
  EXPECT_EQ(verdicts, 1u);
}

TEST_F(ExecutionJsonTest, WordsQueuesAndTablesChangeWhenTheySay) {
  std::string last;
  for (const json& change : json_["words"]) {
    if (change[1] == 0) last = String(change[2]);
  }
  EXPECT_EQ(last, "cpu2.0,0,0");
  // [holder, pending waiter, queue] of lock A in the end: the lone head.
  json queue;
  for (const json& change : json_["queues"]) {
    if (change[1] == 0) queue = change[2];
  }
  EXPECT_EQ(queue[0], 0);
  EXPECT_EQ(queue[1], 0);
  ASSERT_EQ(queue[2].size(), 1u);
  EXPECT_EQ(String(queue[2][0]), "CPU 2 (task)");
  json table;
  for (const json& change : json_["tables"]) {
    if (change[1] == 2) table = change[2];
  }
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(String(table[0]) + String(table[1]), "BA");
}

TEST_F(ExecutionJsonTest, TheWaitsForGraphHasTheDeadlock) {
  std::set<std::string> edges;
  for (const json& change : json_["waits"]) {
    for (const json& edge : change[2]) {
      edges.insert(absl::StrCat(String(edge[0]), " -> ", String(edge[1]), ": ", String(edge[2])));
    }
  }
  EXPECT_TRUE(edges.contains("CPU 0 (task) -> CPU 2 (task): lock B, pending")) << json(edges);
  EXPECT_TRUE(edges.contains("CPU 2 (task) -> CPU 0 (task): lock A, head")) << json(edges);
}

// The waits-for graph of the oracles has no edge for it.
TEST(ExecutionJsonWaitsTest, ATryThatNeedsTheWordWaitsForWhomItInterrupted) {
  const json starves = json::parse(ExecutionJson(ExecutedBug("nmi-starves")));
  const json& last = starves["waits"];
  bool seen = false;
  for (const json& change : last) {
    for (const json& edge : change[2]) {
      seen = seen || starves["strings"][edge[2].get<int>()] == "word of lock A not 0";
    }
  }
  EXPECT_TRUE(seen) << last;
}

TEST_F(ExecutionJsonTest, TheSameEachTime) {
  EXPECT_EQ(ExecutionJson(execution_), ExecutionJson(ExecutedBug("lone-head")));
}

}  // namespace
}  // namespace rqfuzz
