// The known limits of section 10, each shown by a scenario on the newest revision: what breaks a promise for a reason
// that the section gives is reported by the name of that reason, and not as a finding. Most scenarios have last lines
// without which nothing is left to report.
#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kNewest = "linux-7.2";

// The verdicts with and without the last lines of a scenario.
void Expect(std::string_view limit, std::string_view text, std::string_view last_lines, std::string_view without) {
  EXPECT_EQ(Judged(kNewest, absl::StrCat(std::string(text), std::string(last_lines))),
            absl::StrCat("limit ", std::string(limit)));
  EXPECT_EQ(Judged(kNewest, text), without);
}

// CPU 1 waits for CPU 0's lock.
constexpr std::string_view kContended = R"(
  locks 1
  cpu 0
    acquire A
      work 1us
    release A
  cpu 1
    acquire A
    release A
)";

TEST(KnownLimitsTest, AttemptTakenForHeld) {
  // The NMI's AA check finds the entry of the attempt that it interrupted, which has not set pending yet.
  Expect("attempt-taken-for-held", kContended, "nmi 0 in cpu 1 acquire A access 6\nacquire A\nrelease A\n", "pass");
}

TEST(KnownLimitsTest, UnlockWindow) {
  // The NMI comes after the word was freed and before the slot is cleared; CPU 1 has come meanwhile.
  Expect("unlock-window", kContended, "nmi 0 in cpu 0 release A access 2\nacquire A\nrelease A\n", "pass");
}

TEST(KnownLimitsTest, TornScan) {
  // CPU 0 reads CPU 1's top slot, B, and is stolen. CPU 1 gives up B, then C, and wants A, which
  // goes into the slot that was below.
  Expect("torn-scan", R"(
    locks 3
    cpu 0
      acquire B
        work 240ms
        acquire A
        release A
      release B
    cpu 1
      acquire C
        acquire B
        release B
      release C
      acquire A
      release A
    cpu 2
      acquire A
        work 400ms
      release A
  )",
         "steal in cpu 0 acquire A access 27 for 10ms\n", "pass");
}

TEST(KnownLimitsTest, HiddenAbba) {
  // CPU 0 comes first in the scans of CPUs 1 and 2 and names both their locks below its top, which it only attempts.
  Expect("hidden-abba", R"(
    locks 3
    cpu 0
      work 10us
      acquire A
      release A
    cpu 1
      acquire B irqsave
        work 1ms
        acquire A
        release A
      release B
    cpu 2
      acquire A
        work 1ms
        acquire B irqsave
        release B
      release A
    hardirq 0 on cpu 0 at 100us
      acquire B irqsave
      release B
  )",
         R"(
    nmi 1 on cpu 0 at 200us
      acquire C
        work 600ms
      release C
  )",
         "limit attempt-taken-for-held");  // B is on top of CPU 0's table then, and CPU 1 owns B
}

TEST(KnownLimitsTest, LongCycle) {
  Expect("long-cycle", R"(
    locks 3
    cpu 0
      acquire A
        work 10us
        acquire B
        release B
      release A
    cpu 1
      acquire B
        work 10us
        acquire C
        release C
      release B
  )",
         R"(
    cpu 2
      acquire C
        work 10us
        acquire A
        release A
      release C
  )",
         "pass");
}

TEST(KnownLimitsTest, CycleBehindHead) {
  // CPUs 0 and 1 own what the other wants, and both stand behind a head, which does not look for other people's
  // deadlocks. Without CPUs 4 and 5, CPU 0 has a clock.
  Expect("cycle-behind-head", R"(
    locks 2
    cpu 0
      acquire A
        work 10us
        acquire B
        release B
      release A
    cpu 1
      acquire B
        work 10us
        acquire A
        release A
      release B
    cpu 2
      acquire A
      release A
    cpu 3
      acquire A
      release A
  )",
         R"(
    cpu 4
      acquire B
      release B
    cpu 5
      acquire B
      release B
  )",
         "pass");
}

TEST(KnownLimitsTest, CrossedInterrupts) {
  // The owners of A and B are each interrupted by an NMI that queues for the other's lock.
  Expect("crossed-interrupts", R"(
    locks 2
    cpu 0
      acquire A
        work 10ms
      release A
    cpu 1
      acquire B
        work 10ms
      release B
    cpu 2
      acquire B
      release B
    cpu 3
      acquire A
      release A
    cpu 4
      acquire B
      release B
    cpu 5
      acquire A
      release A
    nmi 0 on cpu 0 at 1ms
      acquire B
      release B
  )",
         R"(
    nmi 1 on cpu 1 at 1ms
      acquire A
      release A
  )",
         "pass");
}

// CPU 0 takes `count` locks, and then the last of them once more.
std::string NestedThenAgain(unsigned count) {
  std::string text = "locks 40\ncpu 0\n";
  for (unsigned lock = 0; lock < count; ++lock) absl::StrAppend(&text, "acquire ", LockName(lock), "\n");
  absl::StrAppend(&text, "acquire ", LockName(count - 1), "\nrelease ", LockName(count - 1), "\n");
  for (unsigned lock = count; lock-- > 0;) absl::StrAppend(&text, "release ", LockName(lock), "\n");
  return text;
}

TEST(KnownLimitsTest, TableOverflow) {
  EXPECT_EQ(Judged(kNewest, NestedThenAgain(30)), "pass");  // -EDEADLK at once
  EXPECT_EQ(Judged(kNewest, NestedThenAgain(31)), "limit table-overflow");
  EXPECT_EQ(Judged(kNewest, NestedThenAgain(40)), "limit table-overflow");
}

TEST(KnownLimitsTest, OwedHandOver) {
  // CPU 1 has exchanged the tail and is stolen before it links itself; CPU 2, ahead of it, owes it the queue.
  Expect("owed-hand-over", R"(
    locks 1
    cpu 0
      acquire A
        work 1us
      release A
    cpu 1
      acquire A
      release A
      acquire A
      release A
    cpu 2
      acquire A
      release A
  )",
         "steal in cpu 1 acquire A #2 access 18 for 600ms\n", "pass");
}

}  // namespace
}  // namespace rqfuzz
