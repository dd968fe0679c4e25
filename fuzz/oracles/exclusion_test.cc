#include "fuzz/oracles/exclusion.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

TEST(ExclusionTest, TwoOwnersAreFound) {
  EXPECT_EQ(WrittenExecution(2).Take(0).Take(1).Judged(), "finding exclusion second-owner-came-as-newcomer");
}

TEST(ExclusionTest, ASecondOwnerIsNamedByHowItWaited) {
  WrittenExecution pending(2);
  pending.Take(0).Begin(1).Word(1, 0x101).Word(1, 0x1).End(1, 0);
  EXPECT_EQ(pending.Judged(), "finding exclusion second-owner-came-as-pending");
  WrittenExecution head(2);
  head.Take(0).Queue(1).Word(1, 0x1).End(1, 0);
  EXPECT_EQ(head.Judged(), "finding exclusion second-owner-came-as-head");
}

TEST(ExclusionTest, OwnersOneAfterTheOtherPass) {
  EXPECT_EQ(WrittenExecution(2).Take(0).Release(0).Take(1).Release(1).Judged(), "pass");
}

TEST(ExclusionTest, AnOwnerWhoHasBegunToReleaseIsNone) {
  WrittenExecution execution(2);
  execution.Take(0).Begin(1);
  Event& release = execution.Add(EventKind::kReleaseBegin, 0);
  release.lock = 0;
  release.preempt_count = 1;
  execution.Word(0, 0).Word(1, 1).End(1, 0);
  execution.Add(EventKind::kReleaseEnd, 0).lock = 0;
  EXPECT_EQ(execution.Release(1).Judged(), "pass");
}

TEST(ExclusionTest, TwoLocksHaveTwoOwners) {
  EXPECT_EQ(WrittenExecution(2, 2).Take(0, 0).Take(1, 1).Release(0, 0).Release(1, 1).Judged(), "pass");
}

}  // namespace
}  // namespace rqfuzz
