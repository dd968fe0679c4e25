#include "fuzz/machine/memory.h"

#include <sys/mman.h>

#include <cstring>

#include "fuzz/check.h"

namespace rqfuzz {

void MapMemory() {
  static bool mapped = false;
  if (mapped) return;
  void* const wanted = reinterpret_cast<void*>(kMemoryBase);
  void* const got = mmap(wanted, kMemoryBytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  RQFUZZ_CHECK(got == wanted);
  for (unsigned task = 0; task < kMachineTasksMax; ++task) {
    void* const guard = reinterpret_cast<void*>(StackAddress(task) - kStackGuardBytes);
    RQFUZZ_CHECK(mprotect(guard, kStackGuardBytes, PROT_NONE) == 0);
  }
  mapped = true;
}

void ClearAllMemory() { std::memset(reinterpret_cast<void*>(kMemoryBase), 0, kStacksOffset); }

void ClearMemory(unsigned lock_count, unsigned cpu_count, std::size_t per_cpu_bytes, std::size_t shared_bytes) {
  RQFUZZ_CHECK(lock_count <= kMachineLocksMax && cpu_count <= kMachineCpusMax);
  std::memset(reinterpret_cast<void*>(LockAddress(0)), 0, lock_count * kLockStride);
  for (unsigned cpu = 0; cpu < cpu_count; ++cpu) {
    std::memset(reinterpret_cast<void*>(PerCpuAddress(cpu)), 0, per_cpu_bytes);
  }
  std::memset(reinterpret_cast<void*>(PerCpuAddress(kMachineCpusMax)), 0, per_cpu_bytes);
  std::memset(reinterpret_cast<void*>(SharedAddress()), 0, shared_bytes);
}

}  // namespace rqfuzz
