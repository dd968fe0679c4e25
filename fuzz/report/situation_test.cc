#include "fuzz/report/situation.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fuzz/report/columns.h"
#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

TEST(SituationTest, TheBlockSaysWhatTheTableSaysAndWhatIsTrue) {
  const Execution after_cas = ExecutedBug("aa-missed-after-cas");
  EXPECT_EQ(Situation(after_cas).ViolationBlock(),
            "Attempted lock   = A    by CPU 0 (nmi), returned -ETIMEDOUT after 250 ms\n"
            "Total held locks = 0    by the table of CPU 0; in truth, below this call: A\n");
  const Execution lone_head = ExecutedBug("lone-head");
  EXPECT_EQ(Situation(lone_head).ViolationBlock(),
            "Attempted lock   = A    by CPU 2 (task), called at 300 ns\n"
            "Total held locks = 2    by the table of CPU 2; in truth, below this call: B\n"
            "Held lock[ 0]    = B\n"
            "Held lock[ 1]    = A\n");
  const Execution release = ExecutedBug("preempt-before-irq");
  EXPECT_EQ(Situation(release).ViolationBlock(), "");
}

// The one that is punished returns when the head that destroyed its queue is gone.
TEST(SituationTest, ShowsTheHeadThatDestroysTheQueue) {
  const Execution execution = ExecutedBug("wrong-errno");
  EXPECT_EQ(Situation(execution).HoldersAndWaiters(),
            "  CPU 0 task     holds A\n"
            "  CPU 2 task     wants A as queue head, for 500 ms so far\n"
            "  CPU 3 task     wants A, queued behind CPU 2 (task), for 500 ms so far\n"
            "  words (tail,pending,locked): A = cpu3.0,0,1\n");
  EXPECT_EQ(Situation(execution).WaitsForChain(),
            "  CPU 3 (task) --wants A, behind--> CPU 2 (task) --wants A--> CPU 0 (task)\n");
}

// It shows at the end only, when nobody wants anything any more.
TEST(SituationTest, ShowsTheCallThatLeftSomethingBehind) {
  const Execution execution = ExecutedBug("posted-wait-conversion");
  EXPECT_EQ(Situation(execution).HoldersAndWaiters(),
            "  CPU 1 task     has taken A, call not returned\n"
            "  words (tail,pending,locked): A = 0,0,1\n");
}

TEST(SituationTest, NobodyHoldsAnythingAtTheEndOfWhatPasses) {
  const Execution execution = Executed("linux-7.2", "locks 1\n\ncpu 0\n  acquire A\n  release A\n");
  const Situation situation(execution);
  EXPECT_EQ(situation.about(), kNobody);
  EXPECT_EQ(situation.HoldersAndWaiters(), "  nobody holds or wants a lock\n");
  EXPECT_EQ(situation.WaitsForChain(), "");
  EXPECT_EQ(situation.ViolationBlock(), "");
}

TEST(SituationTest, WhatAContextHoldsSharesALineThatIsBrokenIfItIsTooLong) {
  std::string text = "locks 40\n\ncpu 0\n";
  for (unsigned lock = 0; lock < 40; ++lock) absl::StrAppend(&text, "  acquire ", LockName(lock), "\n");
  text += "  acquire L39\n  release L39\n";  // beyond the table
  for (unsigned lock = 40; lock > 0; --lock) absl::StrAppend(&text, "  release ", LockName(lock - 1), "\n");
  const Execution execution = Executed("linux-6.17", text);
  const Situation situation(execution);
  const std::string holders = situation.HoldersAndWaiters();
  EXPECT_NE(holders.find("  CPU 0 task holds L39, L38, L37, "), std::string::npos) << holders;
  std::size_t width = 0;
  for (const std::string& whole : {holders, situation.ViolationBlock()}) {
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(whole, '\n')))
      width = std::max(width, line.size());
  }
  EXPECT_LE(width, kTableWidth);
  EXPECT_GT(width, kTableWidth / 2);
}

TEST(SituationTest, CyclesAreDrawn) {
  const Execution late = ExecutedBug("aa-late");
  EXPECT_EQ(Situation(late).WaitsForChain(),
            "  +-> CPU 0 (task) --wants A--+\n"
            "  +---------------------------+\n");
  const Execution nmi = ExecutedBug("nmi-behind-itself");
  EXPECT_EQ(Situation(nmi).WaitsForChain(),
            "  +-> CPU 2 (nmi) --wants A, behind--> CPU 2 (task) --interrupted by--+\n"
            "  +-------------------------------------------------------------------+\n");
  const Execution starves = ExecutedBug("nmi-starves");
  EXPECT_EQ(Situation(starves).WaitsForChain(),
            "  +-> CPU 2 (nmi) --needs word 0 of A, kept from it by--> CPU 2 (task) --interrupted by--+\n"
            "  +--------------------------------------------------------------------------------------+\n");
}

TEST(SituationTest, CallTracesStandWhereEachWaits) {
  const Execution execution = ExecutedBug("lone-head");
  const CodePositions positions(execution.traced.records);
  const std::string traces = Situation(execution).CallTraces(positions);
  EXPECT_TRUE(traces.starts_with("  CPU 2 (task): wait_for_next lock/queue_node.h:")) << traces;
  EXPECT_NE(traces.find(" <- leave_as_head lock/rqspinlock.cc:"), std::string::npos) << traces;
}

}  // namespace
}  // namespace rqfuzz
