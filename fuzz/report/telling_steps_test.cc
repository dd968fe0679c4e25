#include "fuzz/report/telling_steps.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

std::vector<std::string> TextsOf(const Execution& execution, unsigned cpu) {
  std::vector<std::string> texts;
  for (const TellingStep& step : TellingStepsOf(execution)) {
    if (step.cpu == cpu && !step.is_everywhere) texts.push_back(step.text);
  }
  return texts;
}

std::vector<std::string> DecisiveTextsOf(const Execution& execution) {
  std::vector<std::string> texts;
  for (const TellingStep& step : TellingStepsOf(execution)) {
    if (step.is_decisive) texts.push_back(step.text);
  }
  return texts;
}

TEST(TellingStepsTest, AWaitIsOneStepHoweverLong) {
  const std::vector<std::string> expected = {"acquire A",
                                             "takes A: 0,0,1",
                                             "nmi comes in",
                                             "acquire A",
                                             "sets pending A: 0,1,1",
                                             "table[0] = A",
                                             "waits as pending 250 ms",
                                             "clears pending A: 0,0,1",
                                             "table[0] = none",
                                             "acquire A = -ETIMEDOUT",
                                             "nmi returns",
                                             "table[0] = A",
                                             "owns A",
                                             "release A",
                                             "table[0] = none",
                                             "frees A: 0,0,0"};
  EXPECT_EQ(TextsOf(ExecutedBug("aa-missed-after-cas"), 0), expected);
}

TEST(TellingStepsTest, WhatFollowsAtOnceIsOneStep) {
  const Execution execution = Executed("linux-7.2", "locks 1\n\ncpu 0\n  acquire A\n  release A\n");
  // Of the table of a CPU that nothing is wrong with nothing is said, but CPU 0 is the last to do anything.
  const std::vector<std::string> expected = {"acquire A", "table[0] = A", "owns A: 0,0,1", "releases A: 0,0,0",
                                             "table[0] = none"};
  EXPECT_EQ(TextsOf(execution, 0), expected);
}

TEST(TellingStepsTest, TheVerdictShowsOnceAndIsDecisive) {
  for (const char* const bug : {"aa-late", "lone-head", "posted-wait-conversion", "preempt-before-irq"}) {
    const std::vector<TellingStep> steps = TellingStepsOf(ExecutedBug(bug));
    EXPECT_EQ(std::count_if(steps.begin(), steps.end(),
                            [](const TellingStep& step) { return step.is_verdict && step.is_decisive; }),
              1)
        << bug;
    EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end(), [](const TellingStep& a, const TellingStep& b) {
      return a.record < b.record;
    })) << bug;
  }
  for (const TellingStep& step :
       TellingStepsOf(Executed("linux-7.2", "locks 1\n\ncpu 0\n  acquire A\n  release A\n"))) {
    EXPECT_FALSE(step.is_verdict) << step.text;
  }
}

TEST(TellingStepsTest, FaultsErrorsAndTheWaitInQuestionAreDecisive) {
  EXPECT_EQ(DecisiveTextsOf(ExecutedBug("aa-missed-after-cas")),
            (std::vector<std::string>{"nmi comes in", "waits as pending 250 ms", "acquire A = -ETIMEDOUT"}));
  EXPECT_EQ(DecisiveTextsOf(ExecutedBug("preempt-before-irq")),
            (std::vector<std::string>{"a reschedule is due", "preempt_enable, interrupts still off",
                                      "returns from release of A"}));
}

TEST(TellingStepsTest, AHeadThatWaitsForALinkSaysSo) {
  EXPECT_EQ(DecisiveTextsOf(ExecutedBug("lone-head")),
            (std::vector<std::string>{"waits as head 1 ms", "waits as head for a link, for ever",
                                      "acquire B = -EDEADLK", "from here on nothing can change any more"}));
}

TEST(TellingStepsTest, ASecondEntryOfOneCallIsDecisive) {
  const std::vector<std::string> texts = DecisiveTextsOf(ExecutedBug("tas-double-entry"));
  EXPECT_EQ(std::count(texts.begin(), texts.end(), "table[1] = A again"), 1) << texts.size();
  // Two calls for one lock make an entry each.
  const std::vector<std::string> late = DecisiveTextsOf(ExecutedBug("aa-late"));
  EXPECT_EQ(std::count_if(late.begin(), late.end(), [](const std::string& text) { return text.ends_with("again"); }),
            0);
}

}  // namespace
}  // namespace rqfuzz
