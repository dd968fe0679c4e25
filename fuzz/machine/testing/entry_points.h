// The entry points of hooks.cc, for tests that call them as the compiler's code would.
#ifndef FUZZ_MACHINE_TESTING_ENTRY_POINTS_H_
#define FUZZ_MACHINE_TESTING_ENTRY_POINTS_H_

#include <cstdint>

namespace rqfuzz {
using Int128 = __int128;
}

extern "C" {

void __tsan_init();

#define RQFUZZ_PLAIN(bytes)                             \
  void __tsan_read##bytes(void*);                       \
  void __tsan_write##bytes(void*);                      \
  void __tsan_unaligned_read##bytes(void*);             \
  void __tsan_unaligned_write##bytes(void*);            \
  void __tsan_volatile_read##bytes(void*);              \
  void __tsan_volatile_write##bytes(void*);             \
  void __tsan_unaligned_volatile_read##bytes(void*);    \
  void __tsan_unaligned_volatile_write##bytes(void*);
RQFUZZ_PLAIN(1)
RQFUZZ_PLAIN(2)
RQFUZZ_PLAIN(4)
RQFUZZ_PLAIN(8)
RQFUZZ_PLAIN(16)
#undef RQFUZZ_PLAIN

#define RQFUZZ_ATOMIC(bits, T)                                                            \
  T __tsan_atomic##bits##_load(const volatile T*, int);                                   \
  void __tsan_atomic##bits##_store(volatile T*, T, int);                                  \
  T __tsan_atomic##bits##_exchange(volatile T*, T, int);                                  \
  T __tsan_atomic##bits##_fetch_add(volatile T*, T, int);                                 \
  T __tsan_atomic##bits##_fetch_sub(volatile T*, T, int);                                 \
  T __tsan_atomic##bits##_fetch_and(volatile T*, T, int);                                 \
  T __tsan_atomic##bits##_fetch_or(volatile T*, T, int);                                  \
  T __tsan_atomic##bits##_fetch_xor(volatile T*, T, int);                                 \
  T __tsan_atomic##bits##_fetch_nand(volatile T*, T, int);                                \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T*, T*, T, int, int);        \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T*, T*, T, int, int);          \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T*, T, T, int, int);
RQFUZZ_ATOMIC(8, std::uint8_t)
RQFUZZ_ATOMIC(16, std::uint16_t)
RQFUZZ_ATOMIC(32, std::uint32_t)
RQFUZZ_ATOMIC(64, std::uint64_t)
RQFUZZ_ATOMIC(128, rqfuzz::Int128)
#undef RQFUZZ_ATOMIC

void __tsan_atomic_thread_fence(int);
void __tsan_atomic_signal_fence(int);

}  // extern "C"

#endif  // FUZZ_MACHINE_TESTING_ENTRY_POINTS_H_
