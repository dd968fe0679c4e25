// Time as CPUs that run side by side would spend it. The machine runs one CPU at a time and moves one clock; here
// each CPU has a clock of its own, a step costs what its kind costs, and the CPU whose clock is behind goes first.
//
// A line of memory is where it was last written: to read what another CPU has written, or to write what others have
// read, costs a transfer, and a line makes one transfer at a time. A reader is never earlier than the write that it
// reads from.
//
// What the model cannot tell: anything about cache capacity, sockets, store buffers, frequency or hyper-threads; what
// the host does with a CPU that halts; limits of waits (the lock reads the machine's clock, on which nothing of this
// takes long). Paravirtual waiters spin: halting, and the look whether the waiter ahead runs, do nothing here.
#ifndef FUZZ_STUDY_PARALLEL_TIME_H_
#define FUZZ_STUDY_PARALLEL_TIME_H_

#include <array>
#include <cstdint>
#include <vector>

#include "fuzz/machine/machine.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {

// In nanoseconds, for a server of about 3 GHz. Round numbers, from published tables:
//  hit, atomic: Agner Fog's instruction tables for Intel Skylake (4 to 5 cycles; LOCK CMPXCHG about 18);
//  transfer: between cores of one socket, 40 to 70 ns on such machines (Intel's Memory Latency Checker, HITM);
//  relax: Intel's optimization manual, PAUSE takes up to 140 cycles since Skylake.
// `rqfuzz study overhead` measures atomic and relax on the machine at hand.
struct StepCosts {
  std::uint64_t hit_ns = 1;
  std::uint64_t transfer_ns = 60;
  std::uint64_t atomic_ns = 6;
  std::uint64_t relax_ns = 45;
  std::uint64_t clock_ns = 15;
};

struct ParallelOptions {
  const locks::LockType* type = nullptr;
  bool virtual_machine = false;
  unsigned cpus = 2;
  double stolen_share = 0;              // of each CPU's time, below 1
  std::uint64_t stolen_ns = 1'000'000;  // at a time
  std::uint64_t section_ns = 2'000;
  std::uint64_t think_max_ns = 4'000;    // between release and acquire, uniform from 0
  std::uint64_t horizon_ns = 8'000'000;  // no acquire begins after that
  std::uint64_t seed = 1;
  StepCosts costs;
};

struct ParallelResult {
  std::uint64_t acquires = 0;
  std::uint64_t failures = 0;
  std::uint64_t end_ns = 0;      // when the last CPU finished
  std::vector<double> waits_ns;  // of each acquire
};

// Purpose: lets every CPU acquire and release lock A again and again, and measures.
//
// Invariants:
//  1. A CPU's clock never goes back, and stands outside its stolen times.
class ParallelRun final : public Driver {
 public:
  explicit ParallelRun(const ParallelOptions& options);
  ParallelResult Run();

  void RunCpu(unsigned cpu) override;
  void RunHandler(unsigned, unsigned) override {}
  void OnAlarm(unsigned cpu) override;
  unsigned ChooseCpu(unsigned runnable) override;
  void OnTime(std::uint64_t) override {}
  std::uint64_t NextTimeNs() override { return kNever; }

 private:
  struct ParallelCpu {
    std::uint64_t now_ns = 0;
    std::uint64_t stolen_from_ns = kNever;  // the next time that it is stolen
  };
  struct Line {
    unsigned sharers = 0;       // bit c: CPU c has it
    std::uint64_t free_ns = 0;  // when its last transfer or write was done
  };

  void Charge(unsigned cpu);  // the last step of `cpu`, if it has not been charged
  void ChargeAccess(unsigned cpu, std::uint64_t offset, bool writes);
  void Work(unsigned cpu, std::uint64_t duration_ns);
  void WaitUntil(unsigned cpu, std::uint64_t time_ns);
  void PlanSteal(unsigned cpu, std::uint64_t from_ns);
  unsigned Earliest(unsigned runnable) const;

  ParallelOptions options_;
  Random random_;
  Trace trace_{/*keep=*/true};
  std::size_t charged_ = 0;  // records of the trace that have been looked at
  std::array<ParallelCpu, kMachineCpusMax> cpus_;
  std::vector<Line> lines_;
  ParallelResult result_;
};

}  // namespace rqfuzz

#endif  // FUZZ_STUDY_PARALLEL_TIME_H_
