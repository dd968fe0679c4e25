#include "fuzz/oracles/violation_report.h"

#include <functional>

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {
namespace {

// CPU 0 owns A and B; CPU 1 tries A by a BPF entry point, as pending waiter, and times out. `change` changes what the
// log is told; `times`: how often.
std::string JudgedLog(EntryPoint entry_point, unsigned times, const std::function<void(Event&)>& change) {
  WrittenExecution execution(2, 2);
  execution.Take(0, 0).Take(0, 1).Begin(1, 0).Word(1, 0x101, 0).Wait(250'050'000).Word(1, 1, 0);
  for (unsigned i = 0; i < times; ++i) {
    Event& logged = execution.Add(EventKind::kViolationReport, 1);
    logged.lock = 0;
    logged.result = -ETIMEDOUT;
    logged.preempt_count = 1;
    logged.interrupts_off = entry_point == EntryPoint::kBpfIrqsave;
    change(logged);
  }
  Event& end = execution.Add(EventKind::kAcquireEnd, 1);
  end.lock = 0;
  end.result = -ETIMEDOUT;
  end.entry_point = static_cast<std::uint8_t>(entry_point);
  return execution.Judged();
}

void Nothing(Event&) {}

TEST(ViolationReportTest, AFailureIsReportedOnceByBpfEntryPointsAlone) {
  for (const EntryPoint bpf : {EntryPoint::kBpf, EntryPoint::kBpfIrqsave}) {
    EXPECT_EQ(JudgedLog(bpf, 1, Nothing), "pass");
    EXPECT_EQ(JudgedLog(bpf, 0, Nothing), "finding violation-report missing");
    EXPECT_EQ(JudgedLog(bpf, 2, Nothing), "finding violation-report superfluous");
  }
  EXPECT_EQ(JudgedLog(EntryPoint::kRaw, 0, Nothing), "pass");
  EXPECT_EQ(JudgedLog(EntryPoint::kRaw, 1, Nothing), "finding violation-report superfluous");
}

TEST(ViolationReportTest, TheReportIsRightAndInTime) {
  const auto judged = [](const std::function<void(Event&)>& change) {
    return JudgedLog(EntryPoint::kBpfIrqsave, 1, change);
  };
  EXPECT_EQ(judged([](Event& logged) { logged.lock = 1; }), "finding violation-report names-another-lock");
  EXPECT_EQ(judged([](Event& logged) { logged.result = -EDEADLK; }), "finding violation-report names-another-error");
  EXPECT_EQ(judged([](Event& logged) { logged.new_value = 1; }), "finding violation-report counts-locks-wrongly");
  EXPECT_EQ(judged([](Event& logged) { logged.preempt_count = 0; }),
            "finding violation-report after-preemption-was-restored");
  EXPECT_EQ(judged([](Event& logged) { logged.interrupts_off = false; }),
            "finding violation-report after-interrupts-were-restored");
}

TEST(ViolationReportTest, TheLockReportsWhatItRefuses) {
  constexpr std::string_view kAa = R"(
    locks 1
    cpu 0
      acquire A
        acquire A bpf
        release A
      release A
  )";
  EXPECT_EQ(Judged("linux-7.2", kAa), "pass");
  EXPECT_EQ(Judged("linux-6.15", kAa).substr(0, 17), "finding prompt-aa");  // late, but in the log
}

}  // namespace
}  // namespace rqfuzz
