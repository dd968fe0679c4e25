// Tracing programs.
#include "injectors/injector_fixture.h"

namespace rqfuzz {
namespace {

// CPU 1 and CPU 2 wait for A: the second of them queues, and comes to the tracepoints.
constexpr char kContended[] =
    "cpu 0\n acquire A\n work 50us\n release A\n"
    "cpu 1\n acquire A\n release A\n"
    "cpu 2\n acquire A\n release A\n";

std::vector<std::string> Contexts(const Scenario& scenario, std::string_view action) {
  std::vector<std::string> contexts;
  for (const TraceLine& line : StepsOf(scenario, action)) {
    contexts.push_back(absl::StrCat(line.context, " ", line.cpu, ".", line.depth));
  }
  return contexts;
}
using Words = std::vector<std::string>;

TEST(ProgramTest, RunsWhereTheTracepointIs) {
  EXPECT_EQ(Contexts(ReadScenario(kContended), "program begins"), Words());
  const Scenario at_begin = ReadScenario(absl::StrCat(kContended, "program 0 at contention-begin\n work 1us\n"));
  EXPECT_EQ(Contexts(at_begin, "program begins"), (Words{"program 2.1"}));
  const Scenario at_end = ReadScenario(absl::StrCat(kContended, "program 0 at contention-end\n work 1us\n"));
  EXPECT_EQ(Contexts(at_end, "program begins"), (Words{"program 2.1"}));
  EXPECT_LT(StepsOf(at_begin, "program begins")[0].time_ns, 50'000u);
  EXPECT_GT(StepsOf(at_end, "program begins")[0].time_ns, 50'000u);
}

// CPU 0 holds both locks, CPU 1 is pending on B, CPU 2 on A; CPU 3 queues for A, and whoever wants B then queues too.
constexpr char kBothContended[] =
    "cpu 0\n acquire A\n acquire B\n work 50us\n release B\n release A\n"
    "cpu 1\n acquire B\n release B\n"
    "cpu 2\n acquire A\n release A\n"
    "cpu 3\n acquire A\n release A\n";
constexpr char kTakesB[] = " at contention-begin\n acquire B\n release B\n";

// The program's own acquire comes to the tracepoint too: the copy is skipped there, another program is not.
TEST(ProgramTest, OneCopyNeverNestsInItself) {
  const Scenario one = ReadScenario(absl::StrCat(kBothContended, "program 0", kTakesB), 2);
  EXPECT_EQ(StepsOf(one, "contention_begin").size(), 2u);
  EXPECT_EQ(Contexts(one, "program begins"), (Words{"program 3.1"}));
  const Scenario two = ReadScenario(absl::StrCat(kBothContended, "program 0", kTakesB, "program 1", kTakesB), 2);
  EXPECT_EQ(Contexts(two, "program begins"), (Words{"program 3.1", "program 3.2", "program 3.1"}));
}

// An NMI on top of a waiter that has a node does not wait; nor does a program that runs in that NMI.
TEST(ProgramTest, InAnNmiItIsInAnNmi) {
  const std::string nmi = "nmi 0 on cpu 3 at 20us\n acquire B\n release B\n";
  const Scenario in_nmi = ReadScenario(absl::StrCat(kBothContended, nmi, "program 1 at contention-begin\n",
                                                    " acquire C\n release C\nnmi 2 on cpu 0 at 10us\n",
                                                    " acquire C\n work 100us\n release C\n",
                                                    "nmi 3 on cpu 1 at 15us\n acquire C\n release C\n"),
                                       3);
  bool failed_in_program = false;
  for (const TraceLine& line : StepsOf(in_nmi, "acquire C returns -EDEADLK")) {
    failed_in_program |= line.context == "program" && line.depth == 2 && line.time_ns < 25'000;
  }
  EXPECT_TRUE(failed_in_program);
  EXPECT_EQ(VerdictOf(in_nmi), "pass");
}

// Between the CAS and the table entry of linux-6.15 a program finds no entry for A: the 250 ms stall.
TEST(ProgramTest, AtAnyStepWhereTheRevisionAllowsIt) {
  constexpr char kLines[] =
      "cpu 0\n acquire A\n release A\nprogram 0 in cpu 0 acquire A access 3\n acquire A\n release A\n";
  const Scenario scenario = ReadScenario(kLines, 1, "linux-6.15");
  EXPECT_EQ(Contexts(scenario, "program begins"), (Words{"program 0.1"}));
  EXPECT_EQ(VerdictOf(scenario), "finding prompt-aa holder-acquiring-missed-as-pending");
  Scenario without = scenario;
  without.faults.clear();
  without.programs[kCpusMax].clear();
  EXPECT_EQ(VerdictOf(without), "pass");
}

}  // namespace
}  // namespace rqfuzz
