#include "fuzz/oracles/fair.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// CPU 1 and then CPU 2 join the queue of the lock that CPU 0 owns; CPU 0 releases it, and CPU 2 gets it.
WrittenExecution Overtaken() {
  WrittenExecution execution(3);
  execution.Take(0).Queue(1).Queue(2).Release(0).Word(2, execution.word() | 1).End(2, 0).Release(2);
  return execution;
}

TEST(FairTest, OvertakingInTheQueueIsFound) {
  WrittenExecution execution = Overtaken();
  execution.Word(1, 1).End(1, 0).Release(1);
  EXPECT_EQ(execution.Judged(), "finding fair overtaken-in-the-queue");
}

TEST(FairTest, WhoLeftWithAnErrorHadGivenUpItsPlace) {
  WrittenExecution execution = Overtaken();
  execution.Wait(500'000'000).Word(1, 0).End(1, -ETIMEDOUT);
  EXPECT_EQ(execution.Judged(), "pass");
}

TEST(FairTest, WhoDoesNotQueueMayComeFirst) {
  WrittenExecution execution(3);
  execution.Take(0).Begin(1).Word(1, 0x101).Queue(2);  // CPU 1 is pending, CPU 2 the head
  execution.Release(0).Word(1, (execution.word() & ~0xffffU) | 1).End(1, 0).Release(1);
  execution.Word(2, 1).End(2, 0).Release(2);
  EXPECT_EQ(execution.Judged(), "pass");
}

}  // namespace
}  // namespace rqfuzz
