#include "fuzz/report/execution.h"

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

TEST(ExecutionTest, KeepsEveryStep) {
  const Execution execution = ExecutedBug("aa-late");
  EXPECT_EQ(execution.verdict().oracle, "prompt-aa");
  EXPECT_FALSE(execution.traced.records.empty());
  EXPECT_FALSE(execution.traced.events.empty());
}

TEST(ExecutionTest, TheDecisiveEventIsTheOneThatTheOracleNamed) {
  const Execution execution = ExecutedBug("bystanders-punished");
  const Event& event = execution.traced.events[DecisiveEvent(execution)];
  EXPECT_EQ(event.kind, EventKind::kAcquireEnd);
  EXPECT_EQ(event.cpu, 3);
  const Execution pass = Executed("linux-7.2", "locks 1\n\ncpu 0\n  acquire A\n  release A\n");
  EXPECT_EQ(pass.traced.events[DecisiveEvent(pass)].kind, EventKind::kEnd);
}

TEST(ExecutionTest, TheSituationIsThatInWhichTheQueueIsDestroyed) {
  const Execution execution = ExecutedBug("bystanders-punished");
  const std::size_t situation = SituationEvent(execution);
  EXPECT_LT(situation, DecisiveEvent(execution));
  EXPECT_EQ(execution.traced.events[situation].kind, EventKind::kNodeTouch);
  EXPECT_EQ(execution.traced.events[situation].cpu, 2);
  EXPECT_EQ(execution.traced.events[situation].node_cpu, 3);
  // Nobody told this one anything.
  const Execution late = ExecutedBug("aa-late");
  EXPECT_EQ(SituationEvent(late), DecisiveEvent(late));
}

// That a queue was destroyed for another reason than its waiters were told is known at the end only.
TEST(ExecutionTest, WhatIsJudgedAtTheEndIsAboutTheCallThatItNames) {
  const Execution execution = ExecutedBug("wrong-errno");
  const Event& event = execution.traced.events[execution.verdict().event];
  EXPECT_EQ(event.kind, EventKind::kAcquireEnd);
  EXPECT_EQ(event.cpu, 3);
}

TEST(ExecutionTest, OfWhatIsLeftOverTheLastErrorIsTheSituation) {
  const Execution execution = ExecutedBug("posted-wait-conversion");
  EXPECT_EQ(execution.traced.events[DecisiveEvent(execution)].kind, EventKind::kLeftover);
  EXPECT_EQ(execution.traced.events[SituationEvent(execution)].kind, EventKind::kAcquireEnd);
}

TEST(ExecutionTest, TheWorldIsThatBeforeTheEvent) {
  const Execution execution = ExecutedBug("aa-late");
  const World world = WorldBefore(execution, DecisiveEvent(execution));
  const int id = world.Current(0, 0);
  ASSERT_NE(id, kNobody);
  EXPECT_EQ(world.Get(id).stage, Stage::kAttempting);
  EXPECT_EQ(execution.traced.records[RecordOfEvent(execution, 0)].kind, TraceKind::kEvent);
}

}  // namespace
}  // namespace rqfuzz
