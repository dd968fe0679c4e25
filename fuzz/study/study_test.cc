#include "fuzz/study/study.h"

#include <gtest/gtest.h>

#include "fuzz/study/parallel_time.h"
#include "fuzz/study/studies.h"

namespace rqfuzz {
namespace {

TEST(StudyTest, QuantilesAreValuesThatWereMeasured) {
  const std::vector<double> values = {5, 1, 4, 2, 3};
  EXPECT_EQ(Quantile(values, 0), 1);
  EXPECT_EQ(Quantile(values, 0.5), 3);
  EXPECT_EQ(Quantile(values, 1), 5);
}

TEST(StudyTest, TablesAreTextAndJson) {
  const StudyResult result{
      .name = "s",
      .conditions = "Here.",
      .tables = {{.title = "T", .columns = {"lock", "ns"}, .rows = {{"a", 1.5}, {"bcd", nullptr}}}},
      .svg = ""};
  EXPECT_EQ(StudyText(result), "Here.\n\nT\n  lock    ns\n  a     1.50\n  bcd      -\n");
  EXPECT_EQ(StudyJson(result)["tables"][0]["rows"][0]["ns"], 1.5);
}

ParallelOptions Options(unsigned cpus) {
  return {.type = locks::FindLockType("rqspinlock", "linux-7.2", "x86-full"), .cpus = cpus, .horizon_ns = 200'000};
}

TEST(ParallelTimeTest, SameOptionsSameResult) {
  ParallelOptions options = Options(4);
  options.stolen_share = 0.3;
  options.stolen_ns = 20'000;
  const ParallelResult first = ParallelRun(options).Run();
  const ParallelResult second = ParallelRun(options).Run();
  EXPECT_EQ(first.waits_ns, second.waits_ns);
  EXPECT_EQ(first.end_ns, second.end_ns);
}

// CPUs run side by side: with little work under the lock, four do four times what one does.
TEST(ParallelTimeTest, CpusRunSideBySide) {
  ParallelOptions options = Options(1);
  options.section_ns = 10;
  const double one = static_cast<double>(ParallelRun(options).Run().acquires);
  options.cpus = 4;
  const double four = static_cast<double>(ParallelRun(options).Run().acquires);
  EXPECT_GT(four, 3 * one);
  EXPECT_LT(four, 4.5 * one);
}

// Sections do not overlap: they bound what any number of CPUs can do.
TEST(ParallelTimeTest, OwnersAreAlone) {
  ParallelOptions options = Options(8);
  options.think_max_ns = 0;
  const ParallelResult run = ParallelRun(options).Run();
  EXPECT_LT(run.acquires * options.section_ns, run.end_ns);
  EXPECT_GT(run.acquires * options.section_ns, run.end_ns * 8 / 10);
}

TEST(ParallelTimeTest, StolenOwnersHoldEverybodyUp) {
  ParallelOptions options = Options(4);
  options.horizon_ns = 2'000'000;
  const ParallelResult undisturbed = ParallelRun(options).Run();
  options.stolen_share = 0.3;
  options.stolen_ns = 100'000;
  const ParallelResult stolen = ParallelRun(options).Run();
  EXPECT_LT(Quantile(undisturbed.waits_ns, 1), 50'000);
  EXPECT_GT(Quantile(stolen.waits_ns, 1), 50'000);
  EXPECT_LT(stolen.acquires, undisturbed.acquires * 8 / 10);
}

// The newest revision answers AA at once, where linux-6.15 lets a millisecond pass.
TEST(StallTest, SaysWhatRevisionsCost) {
  const absl::StatusOr<StudyResult> result = StudyStall({.scenarios = 100});
  ASSERT_TRUE(result.ok());
  const nlohmann::ordered_json rows = StudyJson(*result)["tables"][0]["rows"];
  ASSERT_EQ(rows[1]["fault"], "AA: the task itself");
  EXPECT_EQ(rows[1]["linux-6.15"], "1.0 ms");
  EXPECT_EQ(rows[1]["linux-7.2"], "0.2 us");
  EXPECT_EQ(rows[2]["linux-6.17"], "250.0 ms");
  EXPECT_NE(result->svg.find("for ever"), std::string::npos);
}

TEST(ReplacementTest, OnlyPlainLocksHangUnlessACpuStops) {
  const absl::StatusOr<StudyResult> result = StudyReplacement({.scenarios = 200});
  ASSERT_TRUE(result.ok());
  const nlohmann::ordered_json tables = StudyJson(*result)["tables"];
  for (const auto& row : tables[1]["rows"]) {
    const bool may_stop = row["kind"] == "with CPUs that stop, are stolen, or clocks that jump";
    if (!may_stop) EXPECT_EQ(row["rqspinlock"], "0.00%");
  }
  for (const auto& row : tables[2]["rows"]) EXPECT_EQ(row["verdict"], "limit owed-hand-over");
  bool aa = false;
  for (const auto& row : tables[0]["rows"]) {
    if (row["scenario"] != "seeds/stress-aa.rqs") continue;
    aa = true;
    EXPECT_EQ(row["rqspinlock"], "ends");
    EXPECT_EQ(row["qspinlock"], "hangs");
  }
  EXPECT_TRUE(aa);
}

}  // namespace
}  // namespace rqfuzz
