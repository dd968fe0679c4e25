// The 32-bit lock word of the queued locks: its two layouts (section 2 of the description) and the accesses to
// it with their memory orders (section 3).
#ifndef LOCK_LOCK_WORD_H_
#define LOCK_LOCK_WORD_H_

#include <bit>
#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"

namespace locks {

inline constexpr std::uint32_t kLockedValue = 1;
inline constexpr std::uint32_t kPendingValue = 1u << 8;

constexpr WordLayout word_layout(Layout layout) {
  if (layout == Layout::kSmall) {
    return {.locked_mask = 0xff, .pending_mask = 0xff00, .tail_index_mask = 0x3'0000, .tail_cpu_mask = 0xfffc'0000};
  }
  return {.locked_mask = 0xff, .pending_mask = 0x100, .tail_index_mask = 0x600, .tail_cpu_mask = 0xffff'f800};
}

// Purpose: the word of one lock, all zero when the lock is free.
//
// Invariants:
//  1. Bit 8 is the only bit of the pending byte that is ever set.
//  2. The locked byte is 0 or 1, and in both layouts it is stored on its own.
//  3. A tail, once exchanged in, is changed only by its own node's owner or by the next exchange.
//
// Called by the lock's algorithm, from any CPU and context at the same time.
template <Build kBuild>
class LockWord {
 public:
  static constexpr WordLayout kLayout = word_layout(kBuild.layout);
  static constexpr std::uint32_t kTailMask = kLayout.tail_cpu_mask | kLayout.tail_index_mask;

  // The tail that names queue node `index` of `cpu`. REQUIRES: index < 4.
  static constexpr std::uint32_t encode_tail(unsigned cpu, unsigned index) {
    return ((cpu + 1) << WordLayout::Shift(kLayout.tail_cpu_mask)) |
           (index << WordLayout::Shift(kLayout.tail_index_mask));
  }

  std::uint32_t load_relaxed() const { return __atomic_load_n(&word_, __ATOMIC_RELAXED); }
  std::uint32_t load_acquire() const { return __atomic_load_n(&word_, __ATOMIC_ACQUIRE); }
  std::uint8_t load_locked_acquire() const { return __atomic_load_n(bytes(), __ATOMIC_ACQUIRE); }

  // CAS `expected` -> `desired`; on failure `expected` becomes the value found.
  [[nodiscard]] bool try_cmpxchg_acquire(std::uint32_t& expected, std::uint32_t desired) {
    return __atomic_compare_exchange_n(&word_, &expected, desired, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  }
  [[nodiscard]] bool try_cmpxchg_relaxed(std::uint32_t expected, std::uint32_t desired) {
    return __atomic_compare_exchange_n(&word_, &expected, desired, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  }
  [[nodiscard]] bool try_cmpxchg_fully_ordered(std::uint32_t expected, std::uint32_t desired) {
    return __atomic_compare_exchange_n(&word_, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  }

  // Takes the lock if the word is 0.
  [[nodiscard]] bool trylock() {
    std::uint32_t expected = load_relaxed();
    return expected == 0 && try_cmpxchg_acquire(expected, kLockedValue);
  }

  // Sets pending and returns the old word.
  [[nodiscard]] std::uint32_t fetch_set_pending_acquire() {
    const std::uint32_t old = __atomic_fetch_or(&word_, kPendingValue, __ATOMIC_ACQUIRE);
    if constexpr (kBuild.set_pending == SetPending::kFetchOr) {
      return old;
    } else {
      return (old & kPendingValue) | (load_relaxed() & ~kLayout.pending_mask);
    }
  }

  // REQUIRES: the caller has set pending.
  void clear_pending() {
    if constexpr (kBuild.layout == Layout::kSmall) {
      __atomic_store_n(bytes() + 1, std::uint8_t{0}, __ATOMIC_RELAXED);
    } else {
      __atomic_fetch_and(&word_, ~kPendingValue, __ATOMIC_RELAXED);
    }
  }

  // Takes the lock. REQUIRES: the caller has set pending, and locked is 0.
  void clear_pending_set_locked() {
    if constexpr (kBuild.layout == Layout::kSmall) {
      __atomic_store_n(halves(), static_cast<std::uint16_t>(kLockedValue), __ATOMIC_RELAXED);
    } else {
      __atomic_fetch_add(&word_, kLockedValue - kPendingValue, __ATOMIC_RELAXED);
    }
  }

  // Makes `tail` the tail and returns the old one. A write barrier goes before it.
  [[nodiscard]] std::uint32_t xchg_tail(std::uint32_t tail) {
    if constexpr (kBuild.layout == Layout::kSmall) {
      const auto half = static_cast<std::uint16_t>(tail >> 16);
      return static_cast<std::uint32_t>(__atomic_exchange_n(halves() + 1, half, __ATOMIC_RELAXED)) << 16;
    } else {
      std::uint32_t old = load_relaxed();
      while (!__atomic_compare_exchange_n(&word_, &old, (old & ~kTailMask) | tail, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED)) {
      }
      return old & kTailMask;
    }
  }

  // Changes the tail from `tail` to 0; false if it is somebody else's.
  [[nodiscard]] bool try_clear_tail(std::uint32_t tail) {
    std::uint32_t old = load_relaxed();
    do {
      if ((old & kTailMask) != tail) return false;
    } while (!__atomic_compare_exchange_n(&word_, &old, old & ~kTailMask, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    return true;
  }

  void set_locked() { __atomic_store_n(bytes(), std::uint8_t{kLockedValue}, __ATOMIC_RELAXED); }
  void unlock() { __atomic_store_n(bytes(), std::uint8_t{0}, __ATOMIC_RELEASE); }

 private:
  static_assert(std::endian::native == std::endian::little, "byte 0 of the word is the locked byte");
  using Half [[gnu::may_alias]] = std::uint16_t;

  std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(&word_); }
  const std::uint8_t* bytes() const { return reinterpret_cast<const std::uint8_t*>(&word_); }
  Half* halves() { return reinterpret_cast<Half*>(&word_); }

  std::uint32_t word_;
};

}  // namespace locks

#endif  // LOCK_LOCK_WORD_H_
