// Memory that is sequentially consistent: an access is a scheduling point, then the access itself, in program order.
// A weaker model is another such header, and hooks.cc includes it instead.
//
// Plain accesses are made by the lock's own code after these functions return; atomic ones are made here.
//
// What is rare lies in functions of its own, called last where that can be: so the others save no registers. `code`
// is the return address of the entry point, for a trace. Only hooks.cc calls this.
#ifndef FUZZ_MACHINE_SEQUENTIAL_MEMORY_H_
#define FUZZ_MACHINE_SEQUENTIAL_MEMORY_H_

#include <cstdint>
#include <limits>

#include "fuzz/machine/hot.h"
#include "fuzz/machine/machine.h"
#include "fuzz/machine/memory.h"

namespace rqfuzz::sequential {

inline std::uintptr_t Offset(const volatile void* address) {
  return reinterpret_cast<std::uintptr_t>(address) - kMemoryBase;
}

inline bool IsLock(std::uintptr_t offset) { return offset < kLocksBytes; }
// The data of the CPU that runs.
inline bool IsOwn(std::uintptr_t offset) { return offset - hot.own_data < kernel::kPerCpuBytes; }
// Per-CPU data and the shared area, which is remote to every CPU.
inline bool IsKernelData(std::uintptr_t offset) { return offset - kPerCpuOffset < kKernelDataBytes; }

// It saves all registers itself, so that nobody else has to.
__attribute__((noinline, cold, preserve_most)) inline void Wild(const volatile void* address) {
  // Before the machine runs and after it has stopped there is nothing to guard.
  if (static_cast<std::int64_t>(hot.countdown) > INT64_MAX / 2) return;
  TheMachine().OnWildAccess(reinterpret_cast<std::uintptr_t>(address));
}

// What has to be noticed about a read of `address`.
[[gnu::always_inline]] inline void NoticeRead(const volatile void* address) {
  const std::uintptr_t offset = Offset(address);
  if (IsLock(offset) || IsOwn(offset)) return;
  if (IsKernelData(offset)) {
    TheMachine().OnRemoteAccess(offset, false, 0);
  } else if (offset >= kMemoryBytes) [[unlikely]] {
    Wild(address);
  }
}

template <typename T>
void TraceAccess(TraceKind kind, const volatile void* address, T old_value, T new_value, const void* code) {
  if (!hot.traced) return;
  TheMachine().TraceStep(kind, Offset(address), sizeof(T), static_cast<std::uint64_t>(old_value),
                         static_cast<std::uint64_t>(new_value), nullptr, code);
}

template <typename T>
[[gnu::noinline]] T LoadElsewhere(const volatile T* address) {
  NoticeRead(address);
  return *address;
}

template <typename T>
[[gnu::noinline, gnu::cold]] T TracedLoad(const volatile T* address, const void* code) {
  SlowPoint(Offset(address));
  NoticeRead(address);
  const T value = *address;
  TraceAccess(TraceKind::kLoad, address, value, value, code);
  return value;
}

template <typename T>
[[gnu::noinline]] T SlowLoad(const volatile T* address, const void* code) {
  if (hot.traced) [[unlikely]]
    return TracedLoad(address, code);
  SlowPoint(Offset(address));
  NoticeRead(address);
  return *address;
}

template <typename T>
[[gnu::always_inline]] inline T Load(const volatile T* address) {
  if (CountPoint()) [[unlikely]]
    return SlowLoad(address, __builtin_return_address(0));
  const std::uintptr_t offset = Offset(address);
  if (IsLock(offset) || IsOwn(offset)) return *address;
  return LoadElsewhere(address);
}

// Writes `value` in a lock.
template <typename T>
[[gnu::noinline]] void WriteLock(volatile T* address, T value) {
  const std::uintptr_t byte = reinterpret_cast<std::uintptr_t>(address) & 3;
  auto* const word = reinterpret_cast<volatile std::uint32_t*>(reinterpret_cast<std::uintptr_t>(address) - byte);
  const std::uint32_t before = *word;
  std::uint32_t after = static_cast<std::uint32_t>(value);
  if constexpr (sizeof(T) < sizeof(after)) {
    // Written as a whole, which nobody can tell: a processor that reads a word of which it has just written a part must
    // wait for the write.
    const std::uint32_t written = std::uint32_t{std::numeric_limits<T>::max()} << 8 * byte;
    after = (before & ~written) | after << 8 * byte;
    *word = after;
  } else {
    *address = value;
  }
  if (after != before) {
    TheMachine().OnWordWrite(static_cast<unsigned>((Offset(address) - kLocksOffset) / kLockStride), before, after);
  }
}

// On a stack, in the data of another CPU, or outside the machine's memory.
template <typename T, typename Make>
[[gnu::noinline]] T ModifyElsewhere(volatile T* address, Make make) {
  const std::uintptr_t offset = Offset(address);
  if (offset >= kMemoryBytes) Wild(address);
  const T old_value = *address;
  T value = old_value;
  if (!make(old_value, value)) return old_value;
  if (IsKernelData(offset)) {
    TheMachine().OnRemoteAccess(offset, true, static_cast<std::uint64_t>(value));
    if (value != old_value) ++hot.version;
  }
  *address = value;
  return old_value;
}

// The access itself: `make` gives the new value from the old one, and whether to write it.
template <typename T, typename Make>
[[gnu::always_inline]] inline T ModifyNow(volatile T* address, Make make) {
  const std::uintptr_t offset = Offset(address);
  const bool is_lock = IsLock(offset);
  if (!is_lock && !IsOwn(offset)) return ModifyElsewhere(address, make);
  const T old_value = *address;
  T value = old_value;
  if (!make(old_value, value)) return old_value;
  if (is_lock) {
    WriteLock(address, value);
  } else {
    if (value != old_value) ++hot.version;
    *address = value;
  }
  return old_value;
}

template <typename T, typename Make>
[[gnu::noinline]] T SlowModify(TraceKind kind, volatile T* address, Make make, const void* code) {
  SlowPoint(Offset(address), true);
  T new_value;
  const T old_value = ModifyNow(address, [&](T found, T& written) {
    const bool writes = make(found, written);
    new_value = written;
    return writes;
  });
  TraceAccess(kind, address, old_value, new_value, code);
  return old_value;
}

// A read-modify-write or a store.
template <typename T, typename Make>
[[gnu::always_inline]] inline T Modify(TraceKind kind, volatile T* address, Make make) {
  if (CountPoint()) [[unlikely]]
    return SlowModify(kind, address, make, __builtin_return_address(0));
  return ModifyNow(address, make);
}

template <typename T>
[[gnu::always_inline]] inline void Store(volatile T* address, T value) {
  Modify(TraceKind::kStore, address, [value](T, T& written) {
    written = value;
    return true;
  });
}

// The access itself where it may fail for no reason, or is traced.
template <typename T>
[[gnu::noinline]] T RareCompareExchange(volatile T* address, T expected, T desired, const void* code) {
  bool for_no_reason = false;
  T new_value = 0;
  const T found = ModifyNow(address, [&](T old_value, T& written) {
    bool succeeds = old_value == expected;
    if (succeeds && hot.cas_may_fail) {
      for_no_reason = TheMachine().FailsForNoReason();
      succeeds = !for_no_reason;
    }
    new_value = written = succeeds ? desired : old_value;
    return succeeds;
  });
  TraceAccess(TraceKind::kReadModifyWrite, address, found, new_value, code);
  // The compiled lock tells success by comparing values: this is what it would have found if another CPU had held the
  // lock for that instant.
  return for_no_reason ? found ^ 1 : found;
}

template <typename T>
[[gnu::noinline]] T SlowCompareExchange(volatile T* address, T expected, T desired, const void* code) {
  SlowPoint(Offset(address), true);
  return RareCompareExchange(address, expected, desired, code);
}

template <typename T>
[[gnu::always_inline]] inline T CompareExchange(volatile T* address, T expected, T desired) {
  const void* const code = __builtin_return_address(0);
  if (CountPoint()) [[unlikely]]
    return SlowCompareExchange(address, expected, desired, code);
  if (hot.cas_may_fail) [[unlikely]]
    return RareCompareExchange(address, expected, desired, code);
  return ModifyNow(address, [expected, desired](T old_value, T& written) {
    written = desired;
    return old_value == expected;
  });
}

// The value that a traced plain access of a common size finds.
inline std::uint64_t Peek(const volatile void* address, unsigned bytes) {
  switch (bytes) {
    case 1:
      return *static_cast<const volatile std::uint8_t*>(address);
    case 2:
      return *static_cast<const volatile std::uint16_t*>(address);
    case 4:
      return *static_cast<const volatile std::uint32_t*>(address);
    case 8:
      return *static_cast<const volatile std::uint64_t*>(address);
    default:
      return 0;
  }
}

inline void TracePlain(TraceKind kind, const volatile void* address, unsigned bytes, const void* code) {
  if (!hot.traced) return;
  const std::uint64_t value = Peek(address, bytes);
  TheMachine().TraceStep(kind, Offset(address), bytes, value, value, nullptr, code);
}

[[gnu::noinline]] inline void SlowPlainRead(const volatile void* address, unsigned bytes, const void* code) {
  SlowPoint(Offset(address));
  NoticeRead(address);
  TracePlain(TraceKind::kLoad, address, bytes, code);
}

[[gnu::always_inline]] inline void PlainRead(const volatile void* address, unsigned bytes, const void* code) {
  if (CountPoint()) [[unlikely]]
    return SlowPlainRead(address, bytes, code);
  NoticeRead(address);
}

// The value comes after this returns: what is known now is that memory may change.
[[gnu::always_inline]] inline void NoticeWrite(const volatile void* address) {
  const std::uintptr_t offset = Offset(address);
  if (IsLock(offset)) {
    ++hot.version;
    TheMachine().ExpectWordWrite(static_cast<unsigned>((offset - kLocksOffset) / kLockStride));
  } else if (IsKernelData(offset)) {
    ++hot.version;
    if (!IsOwn(offset)) [[unlikely]]
      TheMachine().OnRemoteAccess(offset, true, 0);
  } else if (offset >= kMemoryBytes) [[unlikely]] {
    Wild(address);
  }
}

// A trace shows the old value.
[[gnu::noinline]] inline void SlowPlainWrite(const volatile void* address, unsigned bytes, const void* code) {
  SlowPoint(Offset(address), true);
  NoticeWrite(address);
  TracePlain(TraceKind::kStore, address, bytes, code);
}

[[gnu::always_inline]] inline void PlainWrite(const volatile void* address, unsigned bytes, const void* code) {
  if (CountPoint()) [[unlikely]]
    return SlowPlainWrite(address, bytes, code);
  NoticeWrite(address);
}

[[gnu::noinline]] inline void SlowFence(const void* code) {
  SlowPoint();
  if (hot.traced) TheMachine().TraceStep(TraceKind::kFence, 0, 0, 0, 0, nullptr, code);
}

[[gnu::always_inline]] inline void Fence(const void* code) {
  if (CountPoint()) [[unlikely]]
    SlowFence(code);
}

}  // namespace rqfuzz::sequential

#endif  // FUZZ_MACHINE_SEQUENTIAL_MEMORY_H_
