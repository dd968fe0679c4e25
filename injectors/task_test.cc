#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"
#include "injectors/testing/story.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kText = "locks 1\ncpu 0\nacquire A\nrelease A\nwork 10us\n";
constexpr std::string_view kTask = "task 0 in cpu 0 acquire A access 5\nacquire A\nrelease A\n";

TEST(TaskTest, ItTakesOverWhenTheLockIsReleasedAndTheFirstOneGoesOnAfterIt) {
  // The interrupt that tells of it comes within the section; preemption is disabled there.
  EXPECT_EQ(
      Story(kText, kTask),
      (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends", "0 task: acquire A returns 0",
             "0 task: the due reschedule is carried out", "0 task: task 0 goes on", "0 task: acquire A returns 0",
             "0 task: release A returns", "0 task: the task of cpu 0 goes on", "0 task: release A returns"}));
  EXPECT_EQ(StepOf("task 0 goes on", kText, kTask), StepOf("preempt_enable", kText, kTask));
}

TEST(TaskTest, ATaskWithPreemptionEnabledGivesWayAtOnce) {
  EXPECT_EQ(Story("locks 1\ncpu 0\nwork 10us\n", "task 0 on cpu 0 at 5us\nacquire A\nrelease A\n"),
            (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends",
                   "0 task: the due reschedule is carried out", "0 task: task 0 goes on",
                   "0 task: acquire A returns 0", "0 task: release A returns", "0 task: the task of cpu 0 goes on"}));
}

TEST(TaskTest, InterruptsOffHoldItBack) {
  const Lines story = Story("locks 1\ncpu 0\nacquire A irqsave\nrelease A\n",
                            "task 0 in cpu 0 acquire A access 5\nacquire A\nrelease A\n");
  EXPECT_EQ(story, (Lines{"0 task: acquire A returns 0", "0 hardirq: hardirq begins", "0 hardirq: hardirq ends",
                          "0 task: the due reschedule is carried out", "0 task: task 0 goes on",
                          "0 task: acquire A returns 0", "0 task: release A returns",
                          "0 task: the task of cpu 0 goes on", "0 task: release A returns"}));
}

TEST(TaskTest, TasksOfOneCpuTakeTurnsAtEachReschedule) {
  const Lines story = Story("locks 1\ncpu 0\nwork 1us\nwork 40us\n",
                            "task 0 on cpu 0 at 2us\nwork 9us\nwork 1us\ntask 1 on cpu 0 at 4us\nwork 20us\n"
                            "reschedule on cpu 0 at 6us\nhardirq 2 on cpu 0 at 7us\n");
  Lines turns;
  for (const std::string& line : story) {
    if (absl::StrContains(line, "goes on")) turns.push_back(line);
  }
  EXPECT_EQ(turns, (Lines{"0 task: task 0 goes on", "0 task: the task of cpu 0 goes on", "0 task: task 1 goes on",
                          "0 task: task 0 goes on", "0 task: the task of cpu 0 goes on"}));
}

TEST(TaskTest, AnIdleCpuRunsIt) {
  constexpr std::string_view kOther = "locks 1\ncpu 0\ncpu 1\nwork 1ms\n";
  EXPECT_EQ(Story(kOther, "task 0 on cpu 0 at 100us\nacquire A\nrelease A\n"),
            (Lines{"0 task: task 0 goes on", "0 task: acquire A returns 0", "0 task: release A returns"}));
}

TEST(TaskTest, WhoKeepsALockKeepsItsCpu) {
  const Lines story =
      Story("locks 2\ncpu 0\nacquire A\nkeep A\n", "task 0 in cpu 0 acquire A access 5\nacquire B\nrelease B\n");
  EXPECT_EQ(story, (Lines{"0 hardirq: hardirq begins", "0 hardirq: hardirq ends", "0 task: acquire A returns 0"}));
}

TEST(TaskTest, FaultsLieInATaskAsInAnyProgram) {
  const Lines story = Story(kText, std::string(kTask) + "nmi 1 in task 0 release A access 1\nacquire A\nrelease A\n");
  EXPECT_EQ(story[6], "0 nmi: nmi begins");
  EXPECT_EQ(story[7], "0 nmi: acquire A returns -EDEADLK");
}

// A waiter that another task holds up on its own CPU has not waited for the lock.
TEST(TaskTest, TimeInWhichAnotherTaskRunsIsNoWait) {
  EXPECT_EQ(Judged("linux-7.2", R"(
       locks 1
       cpu 0
         acquire A
           acquire A
           release A
         release A
       task 0 in cpu 0 acquire A access 5
         work 2s
     )"),
            "pass");
}

TEST(TaskTest, EveryRevisionKeepsTasksApart) {
  for (const std::string_view revision :
       {"linux-6.15", "linux-6.17", "linux-6.18-stable", "linux-6.19", "linux-7.0", "linux-7.2", "proposed"}) {
    EXPECT_EQ(Judged(revision, R"(
       locks 2
       cpu 0
         acquire A
           acquire B
             work 5us
           release B
         release A
         acquire A
         release A
       cpu 1
         acquire A
           work 20us
         release A
       task 0 in cpu 0 acquire B access 3
         acquire B
           work 2us
           acquire A
           release A
         release B
       task 1 on cpu 1 at 1us
         acquire A
         release A
     )"),
              "pass")
        << revision;
  }
}

}  // namespace
}  // namespace rqfuzz
