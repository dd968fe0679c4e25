#include "fuzz/report/columns.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

TellingStep Step(std::uint8_t cpu, std::string text) { return {.time_ns = 10, .cpu = cpu, .text = std::move(text)}; }

TellingStep Decisive(std::uint8_t cpu, std::string text) {
  TellingStep step = Step(cpu, std::move(text));
  step.is_decisive = true;
  return step;
}

TellingStep Verdict(std::uint8_t cpu, std::string text) {
  TellingStep step = Decisive(cpu, std::move(text));
  step.is_verdict = true;
  return step;
}

TellingStep Detail(std::uint8_t cpu, std::string text) {
  TellingStep step = Step(cpu, std::move(text));
  step.is_detail = true;
  return step;
}

TEST(StepColumnsTest, EachCpuHasAColumnAndStepsOfOneContextShareALine) {
  TellingStep nested = Step(1, "nmi comes in");
  nested.depth = 1;
  const TellingStep steps[] = {Step(0, "acquire A"), Step(0, "owns A"), Decisive(2, "waits"), nested,
                               Verdict(0, "acquire B = -EDEADLK")};
  EXPECT_EQ(
      StepColumns(steps, 10),
      "          time | CPU 0                                     | CPU 1                                     | CPU "
      "2\n"
      "         10 ns | acquire A, owns A                         |                                           |\n"
      " >       10 ns |                                           |                                           | "
      "waits\n"
      "         10 ns |                                           |   nmi comes in                            |\n"
      ">>       10 ns | acquire B = -EDEADLK                      |                                           |\n");
}

TEST(StepColumnsTest, ManyCpusShareAColumn) {
  std::vector<TellingStep> steps;
  for (std::uint8_t cpu = 0; cpu < 6; ++cpu) steps.push_back(Step(cpu, "acquire A"));
  const std::string text = StepColumns(steps, 10);
  EXPECT_TRUE(text.starts_with("          time | CPU\n")) << text;
  EXPECT_TRUE(text.ends_with("         10 ns | 5  acquire A\n")) << text;
}

// What goes first: after the verdict, then details, then the earliest.
TEST(StepColumnsTest, WhatSaysLeastIsLeftOutFirst) {
  const TellingStep steps[] = {Step(0, "early"),     Detail(1, "detail"), Step(0, "later"),
                               Decisive(1, "fault"), Verdict(0, "error"), Step(1, "after")};
  const auto kept = [&](std::size_t rows_max) {
    const std::string text = StepColumns(steps, rows_max);
    std::string names;
    for (const char* const name : {"early", "detail", "later", "fault", "error", "after"}) {
      if (absl::StrContains(text, name)) absl::StrAppend(&names, name, " ");
    }
    const bool says_so = absl::StrContains(text, absl::StrCat(" | ", 6 - rows_max, " lines are left out"));
    EXPECT_EQ(says_so, rows_max < 6) << text;
    return names;
  };
  EXPECT_EQ(kept(6), "early detail later fault error after ");
  EXPECT_EQ(kept(5), "early detail later fault error ");
  EXPECT_EQ(kept(4), "early later fault error ");
  EXPECT_EQ(kept(3), "later fault error ");
  EXPECT_EQ(kept(2), "fault error ");
}

TEST(StepColumnsTest, WhatDoesNotFitStandsSideBySide) {
  const TellingStep steps[] = {Step(0, "one"), Step(1, "two"), Decisive(2, "three"), Step(1, "four"),
                               Verdict(2, "five")};
  EXPECT_EQ(
      StepColumns(steps, 4),
      "          time | CPU 0                                     | CPU 1                                     "
      "| CPU 2\n"
      "               | what shares a line came from left to right\n"
      "         10 ns | one                                       | two                                       |\n"
      " >       10 ns |                                           |                                           "
      "| three\n"
      "         10 ns |                                           | four                                      |\n"
      ">>       10 ns |                                           |                                           "
      "| five\n");
}

TEST(WrappedTest, BreaksAtBlanks) {
  EXPECT_EQ(Wrapped("one two", "  "), "  one two\n");
  const std::string word(kTextWidth - 3, 'x');
  EXPECT_EQ(Wrapped(absl::StrCat(word, " y z"), "> "), absl::StrCat("> ", word, "\n> y z\n"));
}

}  // namespace
}  // namespace rqfuzz
