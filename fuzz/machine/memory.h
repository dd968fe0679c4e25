// The machine's memory: locks, per-CPU data, the shared area and fiber stacks, at one fixed address, so that no
// address differs between two runs (design decision 4). What a place is called is told by location.h.
//
// Invariants:
//  1. The whole of it is mapped before the first access and stays so.
//  2. Locks, per-CPU data and the shared area are zero when an execution begins.
#ifndef FUZZ_MACHINE_MEMORY_H_
#define FUZZ_MACHINE_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "lock/services.h"

namespace rqfuzz {

inline constexpr unsigned kMachineCpusMax = 8;
inline constexpr unsigned kMachineLocksMax = 40;
inline constexpr unsigned kExtraTasksMax = 3;  // beyond one for each CPU
inline constexpr unsigned kMachineTasksMax = kMachineCpusMax + kExtraTasksMax;

// Outside AddressSanitizer's shadow and everything the linker or the kernel places by itself.
inline constexpr std::uintptr_t kMemoryBase = 0x2000'0000'0000;
inline constexpr std::size_t kLockStride = 64;  // a cache line
inline constexpr std::size_t kLocksOffset = 0;
inline constexpr std::size_t kLocksBytes = kMachineLocksMax * kLockStride;
inline constexpr std::size_t kPerCpuOffset = 0x2000;
// One block more than there are CPUs: where a lock ends up that computes a wrong CPU.
inline constexpr std::size_t kPerCpuBytes = (kMachineCpusMax + 1) * kernel::kPerCpuBytes;
// The area that all CPUs share follows the data of the CPUs.
inline constexpr std::size_t kSharedOffset = kPerCpuOffset + kPerCpuBytes;
inline constexpr std::size_t kKernelDataBytes = kPerCpuBytes + kernel::kSharedBytes;
inline constexpr std::size_t kStacksOffset = 0x10'0000;
inline constexpr std::size_t kStackBytes = 0x4'0000;
inline constexpr std::size_t kStackGuardBytes = 0x1000;
inline constexpr std::size_t kMemoryBytes = kStacksOffset + kMachineTasksMax * (kStackBytes + kStackGuardBytes);

static_assert(kLocksBytes <= kPerCpuOffset && kPerCpuOffset + kKernelDataBytes <= kStacksOffset);

constexpr std::uintptr_t LockAddress(unsigned lock) { return kMemoryBase + kLocksOffset + lock * kLockStride; }
constexpr std::uintptr_t PerCpuAddress(unsigned cpu) {
  return kMemoryBase + kPerCpuOffset + cpu * kernel::kPerCpuBytes;
}
constexpr std::uintptr_t SharedAddress() { return kMemoryBase + kSharedOffset; }
// Lowest byte of the stack of a task, CPUs' own ones first; the guard page lies below.
constexpr std::uintptr_t StackAddress(unsigned task) {
  return kMemoryBase + kStacksOffset + task * (kStackBytes + kStackGuardBytes) + kStackGuardBytes;
}

// Maps the memory; a second call does nothing. Ends the process if the address is taken.
void MapMemory();
// Zeroes everything but the stacks.
void ClearAllMemory();
// Zeroes the first `count` locks; the first `bytes` of a block of per-CPU data, or of the shared area.
void ClearLocks(unsigned count);
void ClearPerCpu(unsigned block, std::size_t bytes);
void ClearShared(std::size_t bytes);

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_MEMORY_H_
