// The 32-bit lock word of the queued locks: its two layouts (section 2 of the description) and the accesses to
// it with their memory orders (section 3).
#ifndef LOCK_LOCK_WORD_H_
#define LOCK_LOCK_WORD_H_

#include <bit>
#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/services.h"

namespace locks {

inline constexpr std::uint32_t kLockedValue = 1;
inline constexpr std::uint32_t kSlowValue = 3;  // paravirtual: the release must kick a halted waiter
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
//  2. The locked byte is 0, 1 or (paravirtual lock) 3, and in both layouts it is stored on its own.
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

  // Sets pending and returns the old word; acquire, whichever of the two forms reads it: in the second one it may be
  // the later read alone that sees the release of the owner before.
  [[nodiscard]] std::uint32_t fetch_set_pending_acquire() {
    const std::uint32_t old = __atomic_fetch_or(&word_, kPendingValue, __ATOMIC_ACQUIRE);
    if constexpr (kBuild.set_pending == SetPending::kFetchOr) {
      return old;
    } else {
      return (old & kPendingValue) | (load_acquire() & ~kLayout.pending_mask);
    }
  }

  // Slow path step 3: while the word is exactly `0,1,0` a pending waiter is about to take over. Gives it a few
  // turns, and returns the last word read. `value`: the word that the caller has read.
  [[nodiscard]] std::uint32_t wait_for_pending_owner(std::uint32_t value) const {
    if (value != kPendingValue) return value;
    for (std::uint32_t loops = kBuild.pending_loops;; --loops) {
      value = load_relaxed();
      if (value != kPendingValue || loops == 0) return value;
      kernel::cpu_relax();
    }
  }

  // Slow path steps 3 to 5: tries to become the pending waiter. `value`: the word that the caller has read; on
  // success it becomes the word before pending was set. On failure the caller must queue.
  [[nodiscard]] bool try_become_pending(std::uint32_t& value) {
    value = wait_for_pending_owner(value);
    if ((value & ~kLayout.locked_mask) != 0) return false;  // Step 4.
    value = fetch_set_pending_acquire();                    // Step 5.
    if ((value & ~kLayout.locked_mask) == 0) return true;
    if (!kLayout.Pending(value)) clear_pending();
    return false;
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

  // ---- For the paravirtual lock (section 11): pending is the queue head's alone.

  // Takes the lock if nobody owns it and the queue head has not set pending, whoever queues.
  [[nodiscard]] bool try_steal() {
    if ((load_relaxed() & (kLayout.locked_mask | kLayout.pending_mask)) != 0) return false;
    std::uint8_t free = 0;
    return __atomic_compare_exchange_n(bytes(), &free, std::uint8_t{kLockedValue}, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
  }

  void set_pending() {
    if constexpr (kBuild.layout == Layout::kSmall) {
      __atomic_store_n(bytes() + 1, std::uint8_t{1}, __ATOMIC_RELAXED);
    } else {
      __atomic_fetch_or(&word_, kPendingValue, __ATOMIC_RELAXED);
    }
  }

  // Turns pending into ownership if nobody owns the lock. REQUIRES: the caller has set pending.
  [[nodiscard]] bool try_clear_pending_set_locked() {
    if (load_locked_relaxed() != 0) return false;
    if constexpr (kBuild.layout == Layout::kSmall) {
      auto expected = static_cast<std::uint16_t>(kPendingValue);
      return __atomic_compare_exchange_n(halves(), &expected, static_cast<std::uint16_t>(kLockedValue), false,
                                         __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    } else {
      std::uint32_t old = load_relaxed();
      do {
        if (kLayout.Locked(old)) return false;
      } while (!__atomic_compare_exchange_n(&word_, &old, (old & ~kPendingValue) | kLockedValue, false,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
      return true;
    }
  }

  const std::uint8_t* locked_byte() const { return bytes(); }
  std::uint8_t load_locked_relaxed() const { return __atomic_load_n(bytes(), __ATOMIC_RELAXED); }
  // Owner: the release must kick.
  void set_slow() { __atomic_store_n(bytes(), std::uint8_t{kSlowValue}, __ATOMIC_RELAXED); }
  // Queue head: the release must kick. Returns the locked byte before; 0: the caller has taken the lock.
  [[nodiscard]] std::uint8_t xchg_slow() {
    return __atomic_exchange_n(bytes(), std::uint8_t{kSlowValue}, __ATOMIC_SEQ_CST);
  }
  // Frees the lock unless the release must kick.
  [[nodiscard]] bool try_unlock() {
    std::uint8_t expected = kLockedValue;
    return __atomic_compare_exchange_n(bytes(), &expected, std::uint8_t{0}, false, __ATOMIC_RELEASE,
                                       __ATOMIC_RELAXED);
  }

  // ---- For every queued lock.

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
