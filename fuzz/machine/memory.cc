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

void ClearLocks(unsigned count) {
  RQFUZZ_CHECK(count <= kMachineLocksMax);
  std::memset(reinterpret_cast<void*>(LockAddress(0)), 0, count * kLockStride);
}

void ClearPerCpu(unsigned block, std::size_t bytes) {
  RQFUZZ_CHECK(block <= kMachineCpusMax && bytes <= kernel::kPerCpuBytes);
  std::memset(reinterpret_cast<void*>(PerCpuAddress(block)), 0, bytes);
}

void ClearShared(std::size_t bytes) { std::memset(reinterpret_cast<void*>(SharedAddress()), 0, bytes); }

}  // namespace rqfuzz
