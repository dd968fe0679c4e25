// A driver for the tests of the machine: what each CPU does is a function of the test.
#ifndef FUZZ_MACHINE_TESTING_SCRIPT_H_
#define FUZZ_MACHINE_TESTING_SCRIPT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "fuzz/machine/machine.h"
#include "fuzz/machine/testing/entry_points.h"

namespace rqfuzz {

// Purpose: gives the machine its bodies, and the test the events.
//
// Invariants:
//  1. An empty body does nothing.
//  2. `times` is in rising order of time; each is called once, on whatever CPU runs then.
//
// A body that hangs or is cut short is never left: it must own nothing.
class Script final : public Driver {
 public:
  using Body = std::function<void()>;
  struct Timed {
    std::uint64_t time_ns;
    Body body;
  };

  explicit Script(unsigned cpu_count) { options.cpu_count = cpu_count; }

  MachineOptions options{.cpu_count = 1,
                         .lock_count = 2,
                         .lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic")};
  std::array<Body, kMachineCpusMax> cpus;
  std::array<Body, 4> handlers;
  Body on_alarm;
  std::vector<Timed> times;

  // Runs everything to its end.
  void Run() {
    next_time_ = 0;
    TheMachine().Run(options, *this);
  }
  static unsigned Count(EventKind kind) {
    const auto events = TheMachine().events();
    return static_cast<unsigned>(
        std::count_if(events.begin(), events.end(), [kind](const Event& event) { return event.kind == kind; }));
  }
  // The first event of the kind. REQUIRES: there is one.
  static const Event& First(EventKind kind) {
    const auto events = TheMachine().events();
    const auto found =
        std::find_if(events.begin(), events.end(), [kind](const Event& event) { return event.kind == kind; });
    RQFUZZ_CHECK(found != events.end());
    return *found;
  }

  void RunCpu(unsigned cpu) override { Call(cpus[cpu]); }
  void RunHandler(unsigned, unsigned handler) override { Call(handlers[handler]); }
  void OnAlarm(unsigned) override { Call(on_alarm); }
  void OnTime(std::uint64_t now_ns) override {
    while (NextTimeNs() <= now_ns) Call(times[next_time_++].body);
  }
  std::uint64_t NextTimeNs() override { return next_time_ < times.size() ? times[next_time_].time_ns : kNever; }

 private:
  static void Call(const Body& body) {
    if (body) body();
  }

  std::size_t next_time_ = 0;
};

// What bodies are made of.
inline volatile std::uint32_t* Word(unsigned lock) {
  return reinterpret_cast<volatile std::uint32_t*>(LockAddress(lock));
}
inline std::uint32_t Read(unsigned lock) { return __tsan_atomic32_load(Word(lock), 0); }
inline void Write(unsigned lock, std::uint32_t value) { __tsan_atomic32_store(Word(lock), value, 0); }
inline void Points(unsigned count) {
  for (unsigned i = 0; i < count; ++i) __tsan_atomic_signal_fence(0);
}
// Waits as a lock does, without a clock.
inline void SpinUntilNotZero(unsigned lock) {
  while (Read(lock) == 0) kernel::cpu_relax();
}
// Waits as a lock does, until the clock is beyond its start by more than `limit_ns`; returns that reading.
inline std::uint64_t SpinForLimit(std::uint64_t limit_ns) {
  const std::uint64_t start_ns = kernel::ktime_get_mono_fast_ns();
  for (;;) {
    Read(0);
    const std::uint64_t now_ns = kernel::ktime_get_mono_fast_ns();
    if (now_ns - start_ns > limit_ns) return now_ns;
    kernel::cpu_relax();
  }
}

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_TESTING_SCRIPT_H_
