#include "fuzz/oracles/caller_rule.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// A task and an interrupt of `kind` on it take lock A by the entry points given.
std::string TaskAnd(std::string_view kind, std::string_view task_entry, std::string_view interrupt_entry) {
  return Judged("linux-7.2", absl::StrCat("locks 1\ncpu 0\nacquire A ", std::string(task_entry),
                                          "\nrelease A\nwork 1us\n", std::string(kind),
                                          " 0 in cpu 0 work access 1\nacquire A ", std::string(interrupt_entry),
                                          "\nrelease A\n"));
}

TEST(CallerRuleTest, ALockOfAnInterruptTakenWithInterruptsOnIsTheCallersFault) {
  EXPECT_EQ(TaskAnd("hardirq", "", ""), "caller caller-rule");
  EXPECT_EQ(TaskAnd("softirq", "", "irqsave"), "caller caller-rule");
  EXPECT_EQ(TaskAnd("softirq", "irqsave", ""), "caller caller-rule");  // the softirq itself has interrupts on
  EXPECT_EQ(TaskAnd("hardirq", "bpf", "bpf-irqsave"), "caller caller-rule");
}

TEST(CallerRuleTest, WithInterruptsOffEverywhereTheRuleIsKept) {
  EXPECT_EQ(TaskAnd("hardirq", "irqsave", ""), "pass");
  EXPECT_EQ(TaskAnd("hardirq", "bpf-irqsave", "irqsave"), "pass");
  EXPECT_EQ(TaskAnd("softirq", "irqsave", "bpf-irqsave"), "pass");
}

TEST(CallerRuleTest, AnNmiIsNoInterruptInTheSenseOfTheRule) { EXPECT_EQ(TaskAnd("nmi", "", ""), "pass"); }

TEST(CallerRuleTest, ItWinsOverWhatCameOfItAndTellsIt) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
      release A
    hardirq 0 in cpu 0 acquire A access 3
      acquire A
      release A
  )";
  const Verdict verdict = Play(ScenarioOf("linux-6.15", kText)).verdict;
  EXPECT_EQ(InWords(verdict), "caller caller-rule");
  EXPECT_NE(verdict.message.find("(AA)"), std::string::npos) << verdict.message;
}

}  // namespace
}  // namespace rqfuzz
