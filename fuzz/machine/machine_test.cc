#include "fuzz/machine/machine.h"

#include <gtest/gtest.h>

#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

TEST(MachineTest, AlarmComesJustBeforeThePointAskedFor) {
  for (unsigned wanted = 1; wanted <= 6; ++wanted) {
    Script script(1);
    unsigned passed = 0;
    std::vector<unsigned> alarms;
    script.cpus[0] = [&] {
      Points(3);
      TheMachine().StartCount(wanted);
      for (passed = 0; passed < 5; ++passed) Points(1);
    };
    script.on_alarm = [&] {
      EXPECT_EQ(TheMachine().CurrentPoint(), wanted);
      alarms.push_back(passed);
    };
    script.Run();
    if (wanted <= 5) {
      EXPECT_EQ(alarms, std::vector<unsigned>{wanted - 1});
    } else {
      EXPECT_TRUE(alarms.empty());
    }
    EXPECT_EQ(TheMachine().steps(), 8);
  }
}

TEST(MachineTest, AlarmCanBeMovedForwardsOnly) {
  Script script(1);
  std::vector<unsigned> alarms;
  script.cpus[0] = [&] {
    TheMachine().StartCount(2);
    Points(10);
  };
  script.on_alarm = [&] {
    alarms.push_back(TheMachine().CurrentPoint());
    // The second call asks for a point that has passed: never.
    TheMachine().SetAlarm(alarms.size() == 1 ? 5 : 4);
  };
  script.Run();
  EXPECT_EQ(alarms, (std::vector<unsigned>{2, 5}));
}

TEST(MachineTest, PointsOfAnInterruptDoNotCountForWhatItInterrupts) {
  Script script(1);
  std::vector<unsigned> alarms;
  script.cpus[0] = [&] {
    TheMachine().StartCount(2);
    Points(5);
  };
  script.handlers[0] = [] { Points(20); };
  script.on_alarm = [&] {
    alarms.push_back(TheMachine().CurrentPoint());
    if (alarms.size() == 1) TheMachine().RaiseInterrupt(0, ContextKind::kNmi, 0);
    TheMachine().SetAlarm(3);
  };
  script.Run();
  EXPECT_EQ(alarms, (std::vector<unsigned>{2, 3}));
  EXPECT_EQ(TheMachine().steps(), 25);
}

// CPU 0 asks at its second point that `preferred` goes on; returns the order in which bodies logged.
std::vector<unsigned> OrderWhenPreferring(unsigned preferred, bool sleeping) {
  Script script(4);
  std::vector<unsigned> order;
  for (unsigned cpu = 1; cpu < 4; ++cpu) {
    script.cpus[cpu] = [&order, cpu] { order.push_back(cpu); };
  }
  if (sleeping) {
    script.cpus[preferred] = [&order, preferred] {
      TheMachine().Sleep(1000);
      order.push_back(preferred);
    };
  }
  script.cpus[0] = [&order, sleeping] {
    if (sleeping) TheMachine().Sleep(100);  // the others run meanwhile
    TheMachine().StartCount(2);
    Points(3);
    order.push_back(0);
  };
  script.on_alarm = [preferred] { TheMachine().Prefer(preferred); };
  script.Run();
  return order;
}

TEST(MachineTest, SwitchGoesToTheCpuAskedFor) {
  EXPECT_EQ(OrderWhenPreferring(2, false), (std::vector<unsigned>{2, 3, 0, 1}));
  EXPECT_EQ(OrderWhenPreferring(3, false), (std::vector<unsigned>{3, 0, 1, 2}));
  EXPECT_EQ(OrderWhenPreferring(0, false), (std::vector<unsigned>{0, 1, 2, 3}));  // runs already
  EXPECT_EQ(OrderWhenPreferring(7, false), (std::vector<unsigned>{0, 1, 2, 3}));  // does not exist
}

TEST(MachineTest, SwitchToACpuThatCannotRunDoesNothing) {
  EXPECT_EQ(OrderWhenPreferring(2, true), (std::vector<unsigned>{1, 3, 0, 2}));
}

TEST(MachineTest, EachPointTakesTimeAndIsCounted) {
  Script script(1);
  script.cpus[0] = [] { Points(100); };
  script.Run();
  EXPECT_EQ(TheMachine().steps(), 100);
  const Event& end = Script::First(EventKind::kEnd);
  EXPECT_EQ(end.time_ns, 100 * kPointNs);
  EXPECT_EQ(end.jumped_ns, 0);
}

TEST(MachineTest, AnExecutionWithoutEndIsCutShort) {
  Script script(2);
  script.cpus[0] = [] {
    for (std::uint32_t i = 0;; ++i) Write(0, i & 1);
  };
  script.cpus[1] = script.cpus[0];
  script.Run();
  EXPECT_EQ(Script::Count(EventKind::kStepLimit), 1);
  EXPECT_EQ(Script::Count(EventKind::kEnd), 0);

  script.cpus[0] = [] {
    for (;;) Points(1);
  };
  script.Run();
  EXPECT_EQ(Script::Count(EventKind::kStepLimit), 1);
  EXPECT_EQ(TheMachine().steps(), kStepsMax);
}

TEST(MachineTest, AtTheEndWhatIsNotAtRestIsReported) {
  Script script(2);
  script.cpus[1] = [] {
    Write(1, 0x100);
    *reinterpret_cast<std::uint32_t*>(PerCpuAddress(1)) = 3;  // the count of the held-lock table comes first
  };
  script.Run();
  ASSERT_EQ(Script::Count(EventKind::kLeftover), 2);
  const Event& word = Script::First(EventKind::kLeftover);
  EXPECT_EQ(word.lock, 1);
  EXPECT_EQ(word.new_value, 0x100);
  const Event& count = TheMachine().events().back();
  EXPECT_EQ(count.lock, kNoLock);
  EXPECT_EQ(count.node_cpu, 1);
  EXPECT_EQ(count.new_value, 3);
  EXPECT_EQ(script.options.lock_type->per_cpu_fields[count.field].role, locks::FieldRole::kTableCount);
}

TEST(MachineTest, TracingChangesNothingButThatItIsRecorded) {
  Trace trace(true);
  Script script(2);
  script.cpus[0] = [] {
    SpinUntilNotZero(0);
    SpinForLimit(250'000'000);
  };
  script.cpus[1] = [] {
    TheMachine().Sleep(1000);
    Write(0, 1);
  };
  script.Run();
  const std::uint64_t steps = TheMachine().steps();
  const Event end = Script::First(EventKind::kEnd);
  script.options.trace = &trace;
  script.Run();
  EXPECT_EQ(TheMachine().steps(), steps);
  EXPECT_EQ(Script::First(EventKind::kEnd).time_ns, end.time_ns);
  EXPECT_FALSE(trace.records().empty());
}

// The execution before has left a third CPU that could run.
TEST(MachineTest, NobodyGoesOnWithACpuThatTheMachineDoesNotHave) {
  Script larger(3);
  larger.cpus[0] = [] { __tsan_atomic8_load(reinterpret_cast<const std::uint8_t*>(kMemoryBase + kMemoryBytes), 0); };
  larger.cpus[2] = [] { Read(0); };
  larger.Run();
  ASSERT_EQ(Script::Count(EventKind::kWildAccess), 1);

  static SwitchPoint switches[] = {{.point = 1, .cpu = 2}, {}};
  switches[0].taken = false;
  Script smaller(2);
  smaller.cpus[0] = [] {
    TheMachine().StartCount(0, switches);
    Read(0);
    EXPECT_EQ(hot.cpu, 0);
    TheMachine().Prefer(2);
    Read(0);
    EXPECT_EQ(hot.cpu, 0);
  };
  smaller.cpus[2] = [] { FAIL(); };
  smaller.Run();
  EXPECT_EQ(Script::Count(EventKind::kEnd), 1);
  EXPECT_TRUE(switches[0].taken);
}

}  // namespace
}  // namespace rqfuzz
