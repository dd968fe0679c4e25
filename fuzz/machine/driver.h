// Who decides what the machine's CPUs do.
#ifndef FUZZ_MACHINE_DRIVER_H_
#define FUZZ_MACHINE_DRIVER_H_

#include <cstdint>

#include "fuzz/machine/event.h"

namespace rqfuzz {

// All calls come on the fiber of the CPU that they concern.
class Driver {
 public:
  virtual ~Driver() = default;
  // The whole life of `cpu`.
  virtual void RunCpu(unsigned cpu) = 0;
  // The body of an interrupt handler that was raised as `handler`, of a program that is run as that, or the whole
  // life of a task that was woken as that.
  virtual void RunHandler(unsigned cpu, unsigned handler) = 0;
  // The running context has reached its alarm; see Machine::SetAlarm().
  virtual void OnAlarm(unsigned cpu) = 0;
  // The running context has come to a tracepoint (kContentionBegin or kContentionEnd).
  virtual void OnTracepoint([[maybe_unused]] unsigned cpu, [[maybe_unused]] EventKind tracepoint) {}
  // On `cpu` task `to` goes on instead of `from`: a CPU's own task has its number, others kMachineCpusMax plus the
  // number of their handler.
  virtual void OnTaskSwitch([[maybe_unused]] unsigned cpu, [[maybe_unused]] unsigned from,
                            [[maybe_unused]] unsigned to) {}
  // The running CPU cannot go on, and of those in `runnable`, a mask that is not 0, one is to be chosen. Called only
  // if MachineOptions::driver_chooses.
  virtual unsigned ChooseCpu([[maybe_unused]] unsigned runnable) { return 0; }
  // Virtual time has reached what NextTimeNs() said.
  virtual void OnTime(std::uint64_t now_ns) = 0;
  // When OnTime() is next wanted; kNever: not at all.
  virtual std::uint64_t NextTimeNs() = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_DRIVER_H_
