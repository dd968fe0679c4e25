// Interrupts, masks and preemption.
#include <gtest/gtest.h>

#include "fuzz/machine/machine.h"
#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

// A script of one CPU that logs; the alarm of the task raises what the test wants.
class ContextsTest : public testing::Test {
 protected:
  using Log = std::vector<std::string>;

  void Say(const char* words) { log_.emplace_back(words); }
  // Makes handler `handler` log that it begins and ends, with `inside` in between.
  void Handle(unsigned handler, std::string name, Script::Body inside = {}) {
    script_.handlers[handler] = [this, name = std::move(name), inside = std::move(inside)] {
      log_.push_back(name + " begins");
      Points(2);
      if (inside) inside();
      log_.push_back(name + " ends");
    };
  }
  static Script::Body Raise(ContextKind kind, unsigned handler) {
    return [kind, handler] { TheMachine().RaiseInterrupt(0, kind, handler); };
  }
  // Calls `body` at the next point of the context that runs.
  void AtNextPoint(Script::Body body) {
    script_.on_alarm = std::move(body);
    TheMachine().StartCount(1);
    Points(1);
  }
  const Log& Run(Script::Body task) {
    script_.cpus[0] = std::move(task);
    script_.Run();
    return log_;
  }

  Script script_{1};
  Log log_;
};

TEST_F(ContextsTest, AnInterruptRunsOnTopOfWhatItInterrupts) {
  for (const ContextKind kind : {ContextKind::kNmi, ContextKind::kHardirq, ContextKind::kSoftirq}) {
    log_.clear();
    Handle(0, "interrupt", [&] {
      EXPECT_EQ(kernel::in_nmi(), kind == ContextKind::kNmi);
      EXPECT_EQ(TheMachine().InterruptsOff(), kind != ContextKind::kSoftirq);
    });
    Run([&] {
      AtNextPoint(Raise(kind, 0));
      Say("task goes on");
      EXPECT_FALSE(TheMachine().InterruptsOff());
      EXPECT_FALSE(kernel::in_nmi());
    });
    EXPECT_EQ(log_, (Log{"interrupt begins", "interrupt ends", "task goes on"}));
    EXPECT_EQ(Script::First(EventKind::kContextEnter).context, kind);
    EXPECT_EQ(Script::First(EventKind::kContextEnter).depth, 1);
    EXPECT_EQ(Script::Count(EventKind::kContextExit), 1);
  }
}

TEST_F(ContextsTest, AnNmiIsHeldBackUntilTheFirstHasReturned) {
  Handle(0, "first", [&] {
    AtNextPoint(Raise(ContextKind::kNmi, 1));
    Points(5);
  });
  Handle(1, "second");
  EXPECT_EQ(Run([&] { AtNextPoint(Raise(ContextKind::kNmi, 0)); }),
            (Log{"first begins", "first ends", "second begins", "second ends"}));
}

TEST_F(ContextsTest, AHardirqIsHeldBackWhileInterruptsAreOff) {
  Handle(0, "hardirq");
  Run([&] {
    const unsigned long flags = kernel::local_irq_save();
    AtNextPoint(Raise(ContextKind::kHardirq, 0));
    Points(5);
    const unsigned long inner = kernel::local_irq_save();
    kernel::local_irq_restore(inner);
    Say("still off");
    EXPECT_TRUE(TheMachine().InterruptsOff());
    kernel::local_irq_restore(flags);
    Say("on");
  });
  EXPECT_EQ(log_, (Log{"still off", "hardirq begins", "hardirq ends", "on"}));
}

TEST_F(ContextsTest, AnNmiHeedsNoInterruptFlag) {
  Handle(0, "nmi");
  Run([&] {
    const unsigned long flags = kernel::local_irq_save();
    AtNextPoint(Raise(ContextKind::kNmi, 0));
    Say("still off");
    EXPECT_TRUE(TheMachine().InterruptsOff());
    kernel::local_irq_restore(flags);
  });
  EXPECT_EQ(log_, (Log{"nmi begins", "nmi ends", "still off"}));
}

TEST_F(ContextsTest, ASoftirqRunsAfterTheOutermostHardirq) {
  Handle(0, "hardirq", [&] {
    AtNextPoint(Raise(ContextKind::kSoftirq, 1));
    Points(5);
  });
  Handle(1, "softirq");
  EXPECT_EQ(Run([&] { AtNextPoint(Raise(ContextKind::kHardirq, 0)); }),
            (Log{"hardirq begins", "hardirq ends", "softirq begins", "softirq ends"}));
}

TEST_F(ContextsTest, ASecondHardirqWaitsForTheFirstButComesBeforeASoftirq) {
  Handle(0, "first", [&] {
    AtNextPoint([] {
      TheMachine().RaiseInterrupt(0, ContextKind::kSoftirq, 2);
      TheMachine().RaiseInterrupt(0, ContextKind::kHardirq, 1);
    });
    // Whatever it does to the flag: a hardirq is not interrupted by another.
    kernel::local_irq_restore(0);
    Points(5);
  });
  Handle(1, "second");
  Handle(2, "softirq");
  EXPECT_EQ(Run([&] { AtNextPoint(Raise(ContextKind::kHardirq, 0)); }),
            (Log{"first begins", "first ends", "second begins", "second ends", "softirq begins", "softirq ends"}));
}

TEST_F(ContextsTest, ContextsNestInTheOrderOfTheHardware) {
  Handle(2, "nmi", [] { EXPECT_TRUE(kernel::in_nmi()); });
  Handle(1, "hardirq", [&] {
    AtNextPoint(Raise(ContextKind::kNmi, 2));
    EXPECT_TRUE(TheMachine().InterruptsOff());
  });
  Handle(0, "softirq", [&] {
    AtNextPoint(Raise(ContextKind::kHardirq, 1));
    EXPECT_FALSE(TheMachine().InterruptsOff());
  });
  EXPECT_EQ(Run([&] { AtNextPoint(Raise(ContextKind::kSoftirq, 0)); }),
            (Log{"softirq begins", "hardirq begins", "nmi begins", "nmi ends", "hardirq ends", "softirq ends"}));
}

TEST_F(ContextsTest, ADueRescheduleIsCarriedOutWhenPreemptionIsEnabledAgain) {
  Run([&] {
    kernel::preempt_disable();
    kernel::preempt_disable();
    AtNextPoint([] { TheMachine().MakeRescheduleDue(0); });
    kernel::preempt_enable();
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 0);  // disabled twice, enabled once
    kernel::preempt_enable();
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 1);
    kernel::preempt_disable();
    kernel::preempt_enable();
  });
  EXPECT_EQ(Script::Count(EventKind::kScheduled), 1);
}

TEST_F(ContextsTest, ADueRescheduleWaitsForInterruptsAndForAnotherChance) {
  Run([&] {
    kernel::preempt_disable();
    const unsigned long flags = kernel::local_irq_save();
    AtNextPoint([] { TheMachine().MakeRescheduleDue(0); });
    kernel::preempt_enable();
    kernel::local_irq_restore(flags);
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 0);
    kernel::preempt_disable();
    kernel::preempt_enable();
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 1);
  });
}

TEST_F(ContextsTest, AHardirqThatReturnsToAPreemptibleTaskSchedules) {
  Handle(0, "hardirq", [] { TheMachine().MakeRescheduleDue(0); });
  Run([&] {
    kernel::preempt_disable();
    AtNextPoint(Raise(ContextKind::kHardirq, 0));
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 0);
    kernel::preempt_enable();
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 1);
    AtNextPoint(Raise(ContextKind::kHardirq, 0));
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 2);
    AtNextPoint(Raise(ContextKind::kNmi, 0));  // an NMI does not
    EXPECT_EQ(Script::Count(EventKind::kScheduled), 2);
  });
}

TEST_F(ContextsTest, SoftirqsRunBeforeATaskIsPreempted) {
  Handle(1, "softirq");
  Handle(0, "hardirq", [] {
    TheMachine().RaiseInterrupt(0, ContextKind::kSoftirq, 1);
    TheMachine().MakeRescheduleDue(0);
  });
  Run([&] { AtNextPoint(Raise(ContextKind::kHardirq, 0)); });
  std::vector<EventKind> kinds;
  for (const Event& event : TheMachine().events()) kinds.push_back(event.kind);
  using enum EventKind;
  EXPECT_EQ(kinds,
            (std::vector<EventKind>{kContextEnter, kContextExit, kContextEnter, kContextExit, kScheduled, kEnd}));
}

TEST_F(ContextsTest, EventsTellTheMasks) {
  Run([&] {
    kernel::preempt_disable();
    const unsigned long flags = kernel::local_irq_save();
    TheMachine().Emit(EventKind::kAcquireBegin);
    kernel::local_irq_restore(flags);
    TheMachine().MakeRescheduleDue(0);
    TheMachine().Emit(EventKind::kAcquireEnd);
  });
  const Event& begin = Script::First(EventKind::kAcquireBegin);
  EXPECT_EQ(begin.preempt_count, 1);
  EXPECT_TRUE(begin.interrupts_off);
  EXPECT_FALSE(begin.reschedule_due);
  const Event& end = Script::First(EventKind::kAcquireEnd);
  EXPECT_EQ(end.preempt_count, 1);
  EXPECT_FALSE(end.interrupts_off);
  EXPECT_TRUE(end.reschedule_due);
}

}  // namespace
}  // namespace rqfuzz
