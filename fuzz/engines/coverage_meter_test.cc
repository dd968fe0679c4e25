#include "fuzz/engines/coverage_meter.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/coverage.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

Scenario Parsed(const char* text) {
  const absl::StatusOr<ScenarioFile> file =
      ParseText("test", absl::StrCat("lock rqspinlock linux-7.2 generic\n", text));
  EXPECT_TRUE(file.ok()) << file.status();
  return file->scenario;
}

constexpr char kOneCpu[] = "locks 1\ncpu 0\n  acquire A\n  release A\n";

TEST(CoverageMeterTest, TheSameScenarioAddsNothing) {
  CoverageMeter meter;
  const Scenario scenario = Parsed(kOneCpu);
  EXPECT_TRUE(meter.Add(scenario));
  EXPECT_FALSE(meter.Add(scenario));
  // The word is taken, and given back.
  EXPECT_EQ(meter.states(), 2u);
}

TEST(CoverageMeterTest, DepthWaitersAndContextsAreStates) {
  CoverageMeter meter;
  meter.Add(Parsed(kOneCpu));
  std::size_t states = meter.states();
  const auto expect_more = [&](const char* text) {
    EXPECT_TRUE(meter.Add(Parsed(text))) << text;
    EXPECT_GT(meter.states(), states) << text;
    states = meter.states();
  };
  expect_more("locks 2\ncpu 0\n  acquire A\n    acquire B\n    release B\n  release A\n");
  expect_more("locks 1\ncpu 0\n  acquire A\n    work 1us\n  release A\ncpu 1\n  acquire A\n  release A\n");
  expect_more("locks 1\ncpu 0\n  work 1us\nnmi 0 in cpu 0 work access 1\n  acquire A\n  release A\n");
}

TEST(CoverageMeterTest, ExtraCountersAreFeaturesByClass) {
  // Unit tests link locks whose code is not counted.
  ASSERT_TRUE(CodeCounters().empty());
  CoverageMeter meter;
  meter.Add(Parsed(kOneCpu));
  EXPECT_EQ(meter.features(), 0u);
}

TEST(CoverageTest, ForgettingClears) {
  ExtraCounters()[3] = 7;
  ForgetCoverage();
  EXPECT_EQ(ExtraCounters()[3], 0);
}

}  // namespace
}  // namespace rqfuzz
