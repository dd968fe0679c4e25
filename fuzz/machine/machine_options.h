// What kind of machine it is to be.
#ifndef FUZZ_MACHINE_MACHINE_OPTIONS_H_
#define FUZZ_MACHINE_MACHINE_OPTIONS_H_

#include <array>
#include <cstdint>

#include "fuzz/machine/memory.h"
#include "fuzz/machine/trace.h"
#include "lock/lock_type.h"

namespace rqfuzz {

struct MachineOptions {
  unsigned cpu_count = 1;
  unsigned lock_count = 1;
  const locks::LockType* lock_type = nullptr;
  bool virtual_machine = false;  // what resilient_virt_spin_lock_enabled() says
  std::uint64_t clock_granularity_ns = 0;  // readings of the clock are rounded down to a multiple; 0: exact
  std::array<std::uint64_t, kMachineCpusMax> clock_skew_ns{};  // what each CPU's clock is ahead
  // How many times as long as usual the points of each CPU take.
  std::array<std::uint8_t, kMachineCpusMax> slow_by = {1, 1, 1, 1, 1, 1, 1, 1};
  bool driver_chooses = false;   // who goes on when a CPU cannot; otherwise the next in cyclic order
  // Whether looks for deadlocks that can find nothing new are skipped (idle.cc); if not, waiting is slow.
  bool skips_checks = true;
  Trace* trace = nullptr;        // where each step is recorded; null: nowhere, and fast
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_MACHINE_OPTIONS_H_
