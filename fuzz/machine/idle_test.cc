// Freezing and waking of CPUs that spin, virtual time, and hangs.
#include <gtest/gtest.h>

#include "fuzz/machine/machine.h"
#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

TEST(IdleTest, ASpinningCpuFreezesAfterOneTurnAndWakesWhenMemoryChanges) {
  Script script(2);
  std::vector<std::string> log;
  script.cpus[0] = [&] {
    while (Read(0) == 0) {
      log.push_back("0 looks");
      kernel::cpu_relax();
    }
    log.push_back("0 goes on");
  };
  script.cpus[1] = [&] {
    log.push_back("1 begins");
    Points(100);
    log.push_back("1 writes");
    Write(0, 1);
  };
  script.Run();
  EXPECT_EQ(log, (std::vector<std::string>{"0 looks", "0 looks", "1 begins", "1 writes", "0 goes on"}));
}

TEST(IdleTest, AWriteThatChangesNothingWakesNobody) {
  Script script(2);
  unsigned looks = 0;
  script.cpus[0] = [&] {
    while (Read(0) == 0) {
      ++looks;
      kernel::cpu_relax();
    }
  };
  script.cpus[1] = [&] {
    Write(1, 0);
    TheMachine().Sleep(1000);
    Write(0, 1);
  };
  script.Run();
  // The looks that find out whether it reads the clock come on top: it is given as many turns as any wait that ends
  // by counting.
  const unsigned probe_turns = script.options.lock_type->bounded_spins_max + 3;
  EXPECT_LE(looks, 2 + probe_turns);
  EXPECT_EQ(Script::Count(EventKind::kEnd), 1);
}

TEST(IdleTest, TimeJumpsToTheEndOfASleep) {
  Script script(2);
  script.cpus[0] = [] { TheMachine().Sleep(3 * kMillisecond); };
  script.cpus[1] = [] { TheMachine().Sleep(5 * kMillisecond); };
  script.Run();
  const Event& end = Script::First(EventKind::kEnd);
  EXPECT_GE(end.time_ns, 5 * kMillisecond);
  EXPECT_LT(end.time_ns, 5 * kMillisecond + 100);
  EXPECT_GE(end.jumped_ns, 5 * kMillisecond - 100);
  EXPECT_EQ(end.jumped_ns + end.step * kPointNs, end.time_ns);
  EXPECT_LE(TheMachine().steps(), 4);
}

TEST(IdleTest, TheSleeperThatWakesFirstRunsFirst) {
  Script script(3);
  std::vector<unsigned> order;
  const std::uint64_t naps[] = {3 * kMillisecond, kMillisecond, 2 * kMillisecond};
  for (unsigned cpu = 0; cpu < 3; ++cpu) {
    script.cpus[cpu] = [&order, cpu, nap_ns = naps[cpu]] {
      TheMachine().Sleep(nap_ns);
      order.push_back(cpu);
    };
  }
  script.Run();
  EXPECT_EQ(order, (std::vector<unsigned>{1, 2, 0}));
}

TEST(IdleTest, ALimitIsReachedInFewSteps) {
  for (const std::uint64_t limit_ns : {250 * kMillisecond, 500 * kMillisecond, 1000 * kMillisecond}) {
    Script script(1);
    std::uint64_t returned_ns = 0;
    script.cpus[0] = [&] { returned_ns = SpinForLimit(limit_ns); };
    script.Run();
    EXPECT_GT(returned_ns, limit_ns);
    EXPECT_LT(returned_ns, limit_ns + 1000);
    EXPECT_LT(TheMachine().steps(), 200);
  }
}

TEST(IdleTest, ALimitThatTheContractDoesNotNameIsOvershotButReached) {
  Script script(1);
  std::uint64_t returned_ns = 0;
  script.cpus[0] = [&] { returned_ns = SpinForLimit(300 * kMillisecond); };
  script.Run();
  EXPECT_GT(returned_ns, 300 * kMillisecond);
  EXPECT_LE(returned_ns, 512 * kMillisecond + 1000);
}

TEST(IdleTest, AWaiterWithAClockDoesNotHoldUpASleeper) {
  Script script(2);
  std::uint64_t woken_ns = 0;
  std::uint64_t returned_ns = 0;
  script.cpus[0] = [&] { returned_ns = SpinForLimit(250 * kMillisecond); };
  script.cpus[1] = [&] {
    TheMachine().Sleep(100 * kMillisecond);
    woken_ns = NowNs();
  };
  script.Run();
  EXPECT_GE(woken_ns, 100 * kMillisecond);
  EXPECT_LT(woken_ns, 100 * kMillisecond + 1000);
  EXPECT_GT(returned_ns, 250 * kMillisecond);
  EXPECT_LT(returned_ns, 250 * kMillisecond + 1000);
}

TEST(IdleTest, ALoopThatEndsByCountingEnds) {
  Script script(2);
  const unsigned turns = script.options.lock_type->bounded_spins_max;
  script.cpus[0] = [turns] {
    for (unsigned i = 0; i < turns; ++i) {
      Read(0);
      kernel::cpu_relax();
    }
  };
  script.cpus[1] = script.cpus[0];
  script.Run();
  EXPECT_EQ(Script::Count(EventKind::kHang), 0);
  EXPECT_EQ(Script::Count(EventKind::kEnd), 1);
}

TEST(IdleTest, AWaitForAWriteThatNeverComesHangs) {
  Script script(3);
  script.cpus[0] = [] { SpinUntilNotZero(0); };
  script.cpus[1] = [] { Points(5); };
  script.cpus[2] = [] { SpinUntilNotZero(1); };
  script.Run();
  ASSERT_EQ(Script::Count(EventKind::kHang), 1);
  EXPECT_EQ(Script::First(EventKind::kHang).new_value, 0);  // nobody reads the clock
  EXPECT_EQ(Script::Count(EventKind::kEnd), 0);
  EXPECT_LT(TheMachine().steps(), 200);
}

TEST(IdleTest, AHangTellsWhoStillReadsTheClock) {
  Script script(2);
  script.cpus[0] = [] { SpinUntilNotZero(0); };
  script.cpus[1] = [] { SpinForLimit(kNever - 1); };
  script.Run();
  ASSERT_EQ(Script::Count(EventKind::kHang), 1);
  EXPECT_EQ(Script::First(EventKind::kHang).new_value, 0b10);
  EXPECT_GT(Script::First(EventKind::kHang).time_ns, 1000 * kMillisecond);
}

TEST(IdleTest, NoHangWhileSomethingIsStillToCome) {
  const auto end_by = [](Script::Body other, std::vector<Script::Timed> times) {
    Script script(2);
    script.cpus[0] = [] { SpinUntilNotZero(0); };
    script.cpus[1] = std::move(other);
    script.handlers[0] = [] { Write(0, 1); };
    script.times = std::move(times);
    script.Run();
    return std::pair(Script::Count(EventKind::kHang), Script::Count(EventKind::kEnd));
  };
  const std::pair<unsigned, unsigned> ended{0, 1};
  EXPECT_EQ(end_by([] { TheMachine().Sleep(9'000 * kMillisecond); Write(0, 1); }, {}), ended);
  EXPECT_EQ(end_by([] { SpinForLimit(250 * kMillisecond); Write(0, 1); }, {}), ended);
  EXPECT_EQ(end_by([] { TheMachine().Steal(1, 20 * kMillisecond); Points(1); Write(0, 1); }, {}), ended);
  const Script::Body raise = [] { TheMachine().RaiseInterrupt(0, ContextKind::kNmi, 0); };
  EXPECT_EQ(end_by({}, {{9'000 * kMillisecond, raise}}), ended);
  EXPECT_EQ(end_by({}, {}), (std::pair<unsigned, unsigned>{1, 0}));
}

// An NMI at 5 us on CPU 1; returns when it ran, in virtual time.
std::uint64_t TimeOfNmi(Script& script) {
  std::uint64_t ran_ns = 0;
  script.handlers[0] = [&] {
    EXPECT_EQ(hot.cpu, 1);
    EXPECT_TRUE(kernel::in_nmi());
    EXPECT_EQ(ran_ns, 0);
    ran_ns = NowNs();
  };
  script.times = {{5000, [] {
                     TheMachine().RaiseInterrupt(1, ContextKind::kNmi, 0);
                     TheMachine().Prefer(1);
                   }}};
  script.Run();
  EXPECT_EQ(Script::Count(EventKind::kEnd), 1);
  return ran_ns;
}

TEST(IdleTest, ATimedInterruptComesOnASleepingCpu) {
  Script script(2);
  std::uint64_t woken_ns = 0;
  script.cpus[1] = [&] {
    TheMachine().Sleep(kMillisecond);
    woken_ns = NowNs();
  };
  const std::uint64_t ran_ns = TimeOfNmi(script);
  EXPECT_GE(ran_ns, 5000);
  EXPECT_LT(ran_ns, 5100);
  EXPECT_GE(woken_ns, kMillisecond);  // the interrupt did not end the sleep
}

TEST(IdleTest, ATimedInterruptComesOnASpinningCpu) {
  Script script(2);
  script.cpus[0] = [] {
    TheMachine().Sleep(kMillisecond);
    Write(0, 1);
  };
  script.cpus[1] = [] { SpinUntilNotZero(0); };
  const std::uint64_t ran_ns = TimeOfNmi(script);
  EXPECT_GE(ran_ns, 5000);
  EXPECT_LT(ran_ns, 5100);
}

TEST(IdleTest, ATimedInterruptComesOnACpuThatHasNotStarted) {
  Script script(2);
  bool started = false;
  std::uint64_t ran_ns = 0;
  script.cpus[0] = [] { Points(2000); };  // 20 us without letting go
  script.cpus[1] = [&] {
    started = true;
    EXPECT_NE(ran_ns, 0);
  };
  script.handlers[0] = [&] {
    EXPECT_FALSE(started);
    ran_ns = NowNs();
  };
  script.times = {{5000, [] {
                     TheMachine().RaiseInterrupt(1, ContextKind::kNmi, 0);
                     TheMachine().Prefer(1);
                   }}};
  script.Run();
  EXPECT_TRUE(started);
  EXPECT_GE(ran_ns, 5000);
  EXPECT_LT(ran_ns, 5100);
}

TEST(IdleTest, AStolenCpuStandsStillWhileOthersRun) {
  Script script(2);
  std::uint64_t other_ns = 0;
  std::uint64_t back_ns = 0;
  script.cpus[0] = [&] {
    TheMachine().StartCount(3);
    Points(3);
    back_ns = NowNs();
  };
  script.cpus[1] = [&] { other_ns = NowNs(); };
  script.on_alarm = [] { TheMachine().Steal(0, 2 * kMillisecond); };
  script.Run();
  EXPECT_LT(other_ns, 1000);
  EXPECT_GE(back_ns, 2 * kMillisecond);
  EXPECT_LT(back_ns, 2 * kMillisecond + 100);
  EXPECT_EQ(Script::Count(EventKind::kStealBegin), 1);
  EXPECT_EQ(Script::Count(EventKind::kStealEnd), 1);
}

TEST(IdleTest, AnInterruptWaitsUntilItsCpuIsNoLongerStolen) {
  Script script(2);
  script.cpus[0] = [] {
    TheMachine().Steal(1, kMillisecond);
    TheMachine().Sleep(2 * kMillisecond);
  };
  EXPECT_GE(TimeOfNmi(script), kMillisecond);
}

TEST(IdleTest, ASecondStealDoesNotShortenTheFirst) {
  Script script(1);
  std::uint64_t back_ns = 0;
  script.cpus[0] = [&] {
    TheMachine().StartCount(1);
    Points(1);
    back_ns = NowNs();
  };
  script.on_alarm = [] {
    TheMachine().Steal(0, 2 * kMillisecond);
    TheMachine().Steal(0, kMillisecond);
  };
  script.Run();
  EXPECT_GE(back_ns, 2 * kMillisecond);
  EXPECT_EQ(Script::Count(EventKind::kStealBegin), 1);
}

}  // namespace
}  // namespace rqfuzz
