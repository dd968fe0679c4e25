#include "fuzz/oracles/node_safety.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

TEST(NodeSafetyTest, NeighboursInTheQueueMayTouchEachOther) {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Touch(2, 1, NodeAccess::kWriteNext, 1).Release(0).Word(1, execution.word() | 1);
  execution.HandOver(1, 2).End(1, 0).Release(1).Word(2, 1).End(2, 0).Release(2);
  EXPECT_EQ(execution.Judged(), "pass");
}

TEST(NodeSafetyTest, ANodeWhoseOwnerHasLeftIsTaboo) {
  for (const NodeAccess access : {NodeAccess::kRead, NodeAccess::kWriteNext, NodeAccess::kWriteLocked}) {
    WrittenExecution execution(3);
    execution.Take(0).Queue(1).Queue(2).Release(0).Word(1, execution.word() | 1).HandOver(1, 2).End(1, 0);
    EXPECT_EQ(execution.Touch(2, 1, access).Judged(), access == NodeAccess::kRead
                                                          ? "finding node-safety read-after-its-owner-left"
                                                          : "finding node-safety write-after-its-owner-left");
  }
}

TEST(NodeSafetyTest, ANodeThatWasNeverPublishedIsTaboo) {
  EXPECT_EQ(WrittenExecution(2).Begin(1).Touch(1, 0, NodeAccess::kWriteNext).Judged(),
            "finding node-safety write-after-its-owner-left");
}

TEST(NodeSafetyTest, SoIsTheNodeOfAWaiterWhoIsNoNeighbour) {
  WrittenExecution execution(4);
  execution.Take(0).Queue(1).Queue(2).Queue(3).Touch(3, 1, NodeAccess::kWriteNext);
  EXPECT_EQ(execution.Judged(), "finding node-safety write-by-a-stranger");
}

TEST(NodeSafetyTest, AWildAccessIsFound) {
  WrittenExecution execution(1);
  execution.Begin(0).Add(EventKind::kWildAccess, 0);
  EXPECT_EQ(execution.Judged(), "finding node-safety wild-access");
}

}  // namespace
}  // namespace rqfuzz
