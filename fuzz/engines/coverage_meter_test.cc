#include "fuzz/engines/coverage_meter.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/coverage.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

std::vector<std::uint8_t> BytesOf(const char* text) {
  const absl::StatusOr<ScenarioFile> file =
      ParseText("test", absl::StrCat("lock rqspinlock linux-7.2 generic\n", text));
  EXPECT_TRUE(file.ok()) << file.status();
  return Encode(file->scenario);
}

constexpr char kOneCpu[] = "locks 1\ncpu 0\n  acquire A\n  release A\n";

TEST(CoverageMeterTest, TheSameInputAddsNothing) {
  CoverageMeter meter;
  const std::vector<std::uint8_t> bytes = BytesOf(kOneCpu);
  EXPECT_TRUE(meter.Add({.bytes = bytes}));
  const std::size_t states = meter.states();
  // At least: the word is taken, and given back.
  EXPECT_GE(states, 2u);
  EXPECT_FALSE(meter.Add({.bytes = bytes}));
  EXPECT_EQ(meter.states(), states);
}

TEST(CoverageMeterTest, ManyInputsReachMore) {
  CoverageMeter meter;
  meter.Add({.bytes = BytesOf(kOneCpu)});
  const std::size_t states = meter.states();
  for (std::uint8_t i = 0; i < 50; ++i) meter.Add({.bytes = std::vector<std::uint8_t>{i, 1, 2, 3, i, i, 7}});
  EXPECT_GT(meter.states(), states);
}

TEST(CoverageMeterTest, WithoutCountersThereAreNoFeatures) {
  // Unit tests link locks whose code is not counted.
  ASSERT_TRUE(CodeCounters().empty());
  CoverageMeter meter;
  meter.Add({.bytes = BytesOf(kOneCpu)});
  EXPECT_EQ(meter.features(), 0u);
}

TEST(CoverageTest, ForgettingClears) {
  ExtraCounters()[3] = 7;
  ForgetCoverage();
  EXPECT_EQ(ExtraCounters()[3], 0);
}

}  // namespace
}  // namespace rqfuzz
