#include "fuzz/oracles/context_restored.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

TEST(ContextRestoredTest, ARescheduleThatIsLostByAReleaseIsFound) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A irqsave
      release A
    reschedule in cpu 0 release A access 1
  )";
  EXPECT_EQ(Judged("linux-7.0", kText), "finding context reschedule-lost-after-release");
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

TEST(ContextRestoredTest, ARescheduleThatIsLostByAFailedAcquireIsFound) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        work 1s
      release A
    cpu 1
      acquire A irqsave
      release A
    reschedule in cpu 1 acquire A access 1
  )";
  EXPECT_EQ(Judged("linux-7.0", kText), "finding context reschedule-lost-after-failed-acquire");
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

TEST(ContextRestoredTest, TheOtherEntryPointsLoseNoReschedule) {
  for (const std::string entry_point : {"", "bpf", "bpf-irqsave"}) {
    const std::string text = absl::StrCat("locks 1\ncpu 0\nacquire A ", entry_point,
                                          "\nrelease A\nreschedule in cpu 0 release A access 1\n");
    EXPECT_EQ(Judged("linux-6.15", text), "pass") << entry_point;
  }
}

// One acquire and release; `change` spoils an event of the given index: 0 begin, 1 end of the acquire, 2, 3 of the
// release.
std::string Spoiled(int index, int result, void (*change)(Event&)) {
  std::vector<Event> events(4);
  constexpr EventKind kKinds[] = {EventKind::kAcquireBegin, EventKind::kAcquireEnd, EventKind::kReleaseBegin,
                                  EventKind::kReleaseEnd};
  for (unsigned i = 0; i < 4; ++i) {
    events[i].kind = kKinds[i];
    events[i].lock = 0;
    events[i].preempt_count = i == 1 || i == 2;
  }
  if (result != 0) {
    events.resize(2);
    events[1].result = static_cast<std::int16_t>(result);
    events[1].preempt_count = 0;
  }
  if (index >= 0) change(events[static_cast<std::size_t>(index)]);
  return InWords(
      Judge(events, {.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic")}));
}

TEST(ContextRestoredTest, MasksThatAreNotRestoredAreFound) {
  EXPECT_EQ(Spoiled(-1, 0, nullptr), "pass");
  EXPECT_EQ(Spoiled(1, 0, [](Event& event) { event.preempt_count = 0; }),
            "finding context preemption-count-after-acquire");
  EXPECT_EQ(Spoiled(1, 0, [](Event& event) { event.interrupts_off = true; }),
            "finding context interrupt-flag-after-acquire");
  EXPECT_EQ(Spoiled(3, 0, [](Event& event) { event.preempt_count = 1; }),
            "finding context preemption-count-after-release");
  EXPECT_EQ(Spoiled(3, 0, [](Event& event) { event.interrupts_off = true; }),
            "finding context interrupt-flag-after-release");
}

// The machine schedules only with preemption and interrupts on: no lock of ours shows these.
TEST(ContextRestoredTest, NobodyIsScheduledOutWhoOwnsALockOrHasInterruptsOff) {
  WrittenExecution with_lock(1);
  with_lock.Take(0).Add(EventKind::kScheduled, 0);
  EXPECT_EQ(with_lock.Judged(), "finding context scheduled-with-lock");
  WrittenExecution with_interrupts_off(1);
  with_interrupts_off.Add(EventKind::kScheduled, 0).interrupts_off = true;
  EXPECT_EQ(with_interrupts_off.Judged(), "finding context scheduled-with-interrupts-off");
  WrittenExecution afterwards(1);
  afterwards.Take(0).Release(0).Add(EventKind::kScheduled, 0);
  EXPECT_EQ(afterwards.Judged(), "pass");
}

// Another task on the CPU owns nothing of what the first one owns.
TEST(ContextRestoredTest, TasksOfOneCpuAreToldApart) {
  WrittenExecution execution(1, 2);
  execution.Take(0).Add(EventKind::kTaskSwitch, 0).new_value = kMachineCpusMax;
  execution.Take(0, 1).Release(0, 1).Add(EventKind::kScheduled, 0);
  Event& back = execution.Add(EventKind::kTaskSwitch, 0);
  back.old_value = kMachineCpusMax;
  EXPECT_EQ(execution.Release(0).Judged(), "pass");
}

}  // namespace
}  // namespace rqfuzz
