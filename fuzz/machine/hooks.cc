// The entry points that the compiler's thread-sanitizer code generation calls for each access to memory in the
// lock (design decision 1). What an access does is up to the model of memory: sequential_memory.h.
//
// The memory orders that the lock asks for are not looked at: no order is weaker than what this memory gives.
#include <cstdint>

#include "fuzz/machine/sequential_memory.h"

namespace sequential = rqfuzz::sequential;

// The compiler fixes these names and types.
extern "C" {

void __tsan_init() {}

#define RQFUZZ_PLAIN_OF(attributes, bytes)                               \
  void __tsan_##attributes##read##bytes(void* address) {                 \
    sequential::PlainRead(address, bytes, __builtin_return_address(0));  \
  }                                                                      \
  void __tsan_##attributes##write##bytes(void* address) {                \
    sequential::PlainWrite(address, bytes, __builtin_return_address(0)); \
  }
#define RQFUZZ_PLAIN(bytes)          \
  RQFUZZ_PLAIN_OF(, bytes)           \
  RQFUZZ_PLAIN_OF(unaligned_, bytes) \
  RQFUZZ_PLAIN_OF(volatile_, bytes)  \
  RQFUZZ_PLAIN_OF(unaligned_volatile_, bytes)
RQFUZZ_PLAIN(1)
RQFUZZ_PLAIN(2)
RQFUZZ_PLAIN(4)
RQFUZZ_PLAIN(8)
RQFUZZ_PLAIN(16)
#undef RQFUZZ_PLAIN
#undef RQFUZZ_PLAIN_OF

#define RQFUZZ_FETCH(bits, T, name, expression)                                                                  \
  T __tsan_atomic##bits##_fetch_##name(volatile T* address, T operand, int) {                                    \
    return sequential::Modify(rqfuzz::TraceKind::kReadModifyWrite, address, [operand](T old_value, T& written) { \
      written = static_cast<T>(expression);                                                                      \
      return true;                                                                                               \
    });                                                                                                          \
  }
#define RQFUZZ_ATOMIC(bits, T)                                                                               \
  T __tsan_atomic##bits##_load(const volatile T* address, int) { return sequential::Load(address); }         \
  void __tsan_atomic##bits##_store(volatile T* address, T value, int) { sequential::Store(address, value); } \
  RQFUZZ_FETCH(bits, T, add, old_value + operand)                                                            \
  RQFUZZ_FETCH(bits, T, sub, old_value - operand)                                                            \
  RQFUZZ_FETCH(bits, T, and, old_value& operand)                                                             \
  RQFUZZ_FETCH(bits, T, or, old_value | operand)                                                             \
  RQFUZZ_FETCH(bits, T, xor, old_value ^ operand)                                                            \
  RQFUZZ_FETCH(bits, T, nand, ~(old_value & operand))                                                        \
  T __tsan_atomic##bits##_exchange(volatile T* address, T operand, int) {                                    \
    return sequential::Modify(rqfuzz::TraceKind::kReadModifyWrite, address, [operand](T, T& written) {       \
      written = operand;                                                                                     \
      return true;                                                                                           \
    });                                                                                                      \
  }                                                                                                          \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T* address, T* expected, T desired, int, int) { \
    const T wanted = *expected;                                                                              \
    *expected = sequential::CompareExchange(address, wanted, desired);                                       \
    return *expected == wanted;                                                                              \
  }                                                                                                          \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T* address, T* expected, T desired, int success,  \
                                                  int failure) {                                             \
    return __tsan_atomic##bits##_compare_exchange_strong(address, expected, desired, success, failure);      \
  }                                                                                                          \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* address, T expected, T desired, int, int) {       \
    return sequential::CompareExchange(address, expected, desired);                                          \
  }
RQFUZZ_ATOMIC(8, std::uint8_t)
RQFUZZ_ATOMIC(16, std::uint16_t)
RQFUZZ_ATOMIC(32, std::uint32_t)
RQFUZZ_ATOMIC(64, std::uint64_t)
RQFUZZ_ATOMIC(128, __int128)
#undef RQFUZZ_ATOMIC
#undef RQFUZZ_FETCH

void __tsan_atomic_thread_fence(int) { sequential::Fence(__builtin_return_address(0)); }
// Orders nothing between CPUs, but an interrupt may come in here.
void __tsan_atomic_signal_fence(int) { sequential::Fence(__builtin_return_address(0)); }

}  // extern "C"
