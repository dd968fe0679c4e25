#include <gtest/gtest.h>

#include "fuzz/machine/machine.h"
#include "fuzz/machine/testing/entry_points.h"
#include "fuzz/machine/testing/script.h"

namespace rqfuzz {
namespace {

// The atomic entry points of one size, by name.
template <typename T>
struct Atomic {
  using Fetch = T (*)(volatile T*, T, int);
  unsigned bytes;
  T (*load)(const volatile T*, int);
  void (*store)(volatile T*, T, int);
  Fetch exchange, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_xor, fetch_nand;
  int (*compare_exchange_strong)(volatile T*, T*, T, int, int);
  int (*compare_exchange_weak)(volatile T*, T*, T, int, int);
  T (*compare_exchange_val)(volatile T*, T, T, int, int);
};

#define RQFUZZ_ATOMIC(bits, T)                                                                                    \
  constexpr Atomic<T> kAtomic##bits = {                                                                           \
      bits / 8, __tsan_atomic##bits##_load, __tsan_atomic##bits##_store, __tsan_atomic##bits##_exchange,          \
      __tsan_atomic##bits##_fetch_add, __tsan_atomic##bits##_fetch_sub, __tsan_atomic##bits##_fetch_and,          \
      __tsan_atomic##bits##_fetch_or, __tsan_atomic##bits##_fetch_xor, __tsan_atomic##bits##_fetch_nand,          \
      __tsan_atomic##bits##_compare_exchange_strong, __tsan_atomic##bits##_compare_exchange_weak,                 \
      __tsan_atomic##bits##_compare_exchange_val};
RQFUZZ_ATOMIC(8, std::uint8_t)
RQFUZZ_ATOMIC(16, std::uint16_t)
RQFUZZ_ATOMIC(32, std::uint32_t)
RQFUZZ_ATOMIC(64, std::uint64_t)
RQFUZZ_ATOMIC(128, Int128)
#undef RQFUZZ_ATOMIC

// Calls `check` with each size's entry points.
template <typename Check>
void ForEachSize(Check check) {
  check(kAtomic8);
  check(kAtomic16);
  check(kAtomic32);
  check(kAtomic64);
  check(kAtomic128);
}

// Calls each atomic entry point once on `place` and checks what it returns and writes; 14 calls in all.
template <typename T>
void CheckAtomic(const Atomic<T>& atomic, volatile T* place) {
  // Differs in every byte, so that a wrong width shows.
  T wide = 0;
  for (unsigned i = 0; i < sizeof(T); ++i) wide = static_cast<T>(wide | static_cast<T>(0x51 + i) << (8 * i));
  EXPECT_EQ(sizeof(T), atomic.bytes);
  const auto expect = [place](T value) { EXPECT_TRUE(*place == value); };
  *place = 0;
  atomic.store(place, wide, 0);
  expect(wide);
  EXPECT_TRUE(atomic.load(place, 0) == wide);
  EXPECT_TRUE(atomic.exchange(place, 7, 0) == wide);
  expect(7);
  EXPECT_TRUE(atomic.fetch_add(place, 5, 0) == 7);
  expect(12);
  EXPECT_TRUE(atomic.fetch_sub(place, 13, 0) == 12);
  expect(static_cast<T>(-1));
  EXPECT_TRUE(atomic.fetch_and(place, 0b1110, 0) == static_cast<T>(-1));
  expect(0b1110);
  EXPECT_TRUE(atomic.fetch_or(place, 0b0001, 0) == 0b1110);
  expect(0b1111);
  EXPECT_TRUE(atomic.fetch_xor(place, 0b0101, 0) == 0b1111);
  expect(0b1010);
  EXPECT_TRUE(atomic.fetch_nand(place, 0b0010, 0) == 0b1010);
  expect(static_cast<T>(~T{0b0010}));
  *place = wide;
  T expected = 1;
  EXPECT_EQ(atomic.compare_exchange_strong(place, &expected, 9, 0, 0), 0);
  EXPECT_TRUE(expected == wide);
  expect(wide);
  EXPECT_EQ(atomic.compare_exchange_strong(place, &expected, 9, 0, 0), 1);
  expect(9);
  expected = 9;
  EXPECT_EQ(atomic.compare_exchange_weak(place, &expected, 10, 0, 0), 1);
  expect(10);
  EXPECT_TRUE(atomic.compare_exchange_val(place, 11, 12, 0, 0) == 10);
  expect(10);
  EXPECT_TRUE(atomic.compare_exchange_val(place, 10, wide, 0, 0) == 10);
  expect(wide);
}
constexpr unsigned kAtomicCalls = 14;

using Plain = void (*)(void*);
struct PlainEntry {
  unsigned bytes;
  Plain read[4];
  Plain write[4];
};
#define RQFUZZ_PLAIN(bytes)                                                                          \
  {bytes,                                                                                            \
   {__tsan_read##bytes, __tsan_unaligned_read##bytes, __tsan_volatile_read##bytes,                   \
    __tsan_unaligned_volatile_read##bytes},                                                          \
   {__tsan_write##bytes, __tsan_unaligned_write##bytes, __tsan_volatile_write##bytes,                \
    __tsan_unaligned_volatile_write##bytes}}
constexpr PlainEntry kPlain[] = {RQFUZZ_PLAIN(1), RQFUZZ_PLAIN(2), RQFUZZ_PLAIN(4), RQFUZZ_PLAIN(8),
                                 RQFUZZ_PLAIN(16)};
#undef RQFUZZ_PLAIN

void* Bytes(std::uintptr_t address) { return reinterpret_cast<void*>(address); }

TEST(HooksTest, OutsideARunAccessesPassThrough) {
  const std::uint64_t steps = TheMachine().steps();
  __tsan_init();
  ForEachSize([](const auto& atomic) {
    alignas(16) auto place = decltype(atomic.load(nullptr, 0)){};
    CheckAtomic(atomic, &place);
  });
  alignas(16) std::uint8_t place[16] = {42};
  for (const PlainEntry& entry : kPlain) {
    for (const Plain read : entry.read) read(place);
    for (const Plain write : entry.write) write(place);
  }
  __tsan_atomic_thread_fence(0);
  __tsan_atomic_signal_fence(0);
  EXPECT_EQ(place[0], 42);
  EXPECT_EQ(TheMachine().steps(), steps);
}

TEST(HooksTest, AtomicAccessesDoWhatTheySayAndAreOnePointEach) {
  for (const bool traced : {false, true}) {
    Trace trace(false);
    Script script(1);
    script.options.trace = traced ? &trace : nullptr;
    script.cpus[0] = [] {
      ForEachSize([](const auto& atomic) {
        using T = decltype(atomic.load(nullptr, 0));
        CheckAtomic(atomic, reinterpret_cast<volatile T*>(PerCpuAddress(0)));
        CheckAtomic(atomic, reinterpret_cast<volatile T*>(LockAddress(1)));
      });
    };
    script.Run();
    EXPECT_EQ(TheMachine().steps(), 5 * 2 * kAtomicCalls);
  }
}

TEST(HooksTest, PlainAccessesAndFencesAreOnePointEach) {
  Script script(1);
  script.cpus[0] = [] {
    for (const PlainEntry& entry : kPlain) {
      for (const Plain read : entry.read) read(Bytes(PerCpuAddress(0)));
      for (const Plain write : entry.write) write(Bytes(PerCpuAddress(0)));
    }
    __tsan_atomic_thread_fence(0);
    __tsan_atomic_signal_fence(0);
  };
  script.Run();
  EXPECT_EQ(TheMachine().steps(), 5 * 8 + 2);
}

TEST(HooksTest, TheTraceTellsKindSizeAndPlace) {
  Trace trace(true);
  Script script(1);
  script.options.trace = &trace;
  script.cpus[0] = [] {
    for (const PlainEntry& entry : kPlain) {
      for (const Plain read : entry.read) read(Bytes(PerCpuAddress(0) + 16));
      for (const Plain write : entry.write) write(Bytes(PerCpuAddress(0) + 16));
    }
    __tsan_atomic16_store(reinterpret_cast<volatile std::uint16_t*>(LockAddress(0) + 2), 0x1234, 0);
    __tsan_atomic32_load(Word(0), 0);
    __tsan_atomic32_fetch_or(Word(0), 1, 0);
  };
  script.Run();
  std::vector<TraceRecord> accesses;
  for (const TraceRecord& record : trace.records()) {
    if (record.kind != TraceKind::kEvent) accesses.push_back(record);
  }
  ASSERT_EQ(accesses.size(), 5 * 8 + 3);
  for (unsigned i = 0; i < 5 * 8; ++i) {
    EXPECT_EQ(accesses[i].bytes, kPlain[i / 8].bytes);
    EXPECT_EQ(accesses[i].kind, i % 8 < 4 ? TraceKind::kLoad : TraceKind::kStore);
    EXPECT_EQ(accesses[i].offset, kPerCpuOffset + 16);
  }
  const TraceRecord& store = accesses[40];
  EXPECT_EQ(std::tuple(store.kind, store.offset, store.bytes, store.old_value, store.new_value),
            std::tuple(TraceKind::kStore, 2ULL, 2, 0ULL, 0x1234ULL));
  EXPECT_EQ(accesses[41].kind, TraceKind::kLoad);
  EXPECT_EQ(accesses[41].new_value, 0x1234'0000);
  EXPECT_EQ(accesses[42].kind, TraceKind::kReadModifyWrite);
  EXPECT_EQ(accesses[42].new_value, 0x1234'0001);
}

// The changes of the words of locks that `body` makes, as (lock, old value, new value).
using WordChange = std::tuple<unsigned, std::uint32_t, std::uint32_t>;
std::vector<WordChange> WordChanges(Script::Body body) {
  Script script(1);
  script.cpus[0] = std::move(body);
  script.Run();
  std::vector<WordChange> changes;
  for (const Event& event : TheMachine().events()) {
    if (event.kind == EventKind::kWordWrite) changes.emplace_back(event.lock, event.old_value, event.new_value);
  }
  return changes;
}

TEST(HooksTest, AccessesToPartsOfTheWordAreChangesOfTheWord) {
  const auto changes = WordChanges([] {
    const std::uintptr_t word = LockAddress(1);
    __tsan_atomic32_store(Word(1), 0x100, 0);
    __tsan_atomic8_store(reinterpret_cast<volatile std::uint8_t*>(word), 1, 0);
    __tsan_atomic16_exchange(reinterpret_cast<volatile std::uint16_t*>(word + 2), 0xabcd, 0);
    __tsan_atomic8_store(reinterpret_cast<volatile std::uint8_t*>(word + 1), 0, 0);
    std::uint32_t expected = 5;
    __tsan_atomic32_compare_exchange_strong(Word(1), &expected, 6, 0, 0);  // fails
    __tsan_atomic32_fetch_or(Word(1), 1, 0);                               // changes nothing
  });
  EXPECT_EQ(changes, (std::vector<WordChange>{{1, 0, 0x100},
                                              {1, 0x100, 0x101},
                                              {1, 0x101, 0xabcd0101},
                                              {1, 0xabcd0101, 0xabcd0001}}));
}

TEST(HooksTest, PlainStoresToTheWordAreNoticedAtTheNextPoint) {
  const auto changes = WordChanges([] {
    const auto store = [](unsigned lock, std::uint32_t value) {
      __tsan_write4(Bytes(LockAddress(lock)));
      *Word(lock) = value;
    };
    store(0, 1);
    store(1, 2);
    store(1, 2);  // changes nothing
    __tsan_write1(Bytes(LockAddress(0) + 1));
    reinterpret_cast<volatile std::uint8_t*>(LockAddress(0))[1] = 1;
    Points(1);
  });
  EXPECT_EQ(changes, (std::vector<WordChange>{{0, 0, 1}, {1, 0, 2}, {0, 1, 0x101}}));
}

TEST(HooksTest, PlainStoresWakeWhoSpins) {
  Script script(2);
  script.cpus[0] = [] { SpinUntilNotZero(0); };
  script.cpus[1] = [] {
    __tsan_write4(Bytes(LockAddress(0)));
    *Word(0) = 1;
    Points(1);
  };
  script.Run();
  EXPECT_EQ(Script::Count(EventKind::kHang), 0);
}

const locks::Field& FieldOf(locks::FieldRole role) {
  const auto fields = Script(1).options.lock_type->per_cpu_fields;
  return *std::find_if(fields.begin(), fields.end(), [role](const auto& field) { return field.role == role; });
}

TEST(HooksTest, AccessesToAnotherCpusNodeAreNodeTouches) {
  Script script(3);
  script.cpus[0] = [] {
    for (const unsigned cpu : {0U, 2U}) {  // its own node is its own business
      const std::uintptr_t next = PerCpuAddress(cpu) + FieldOf(locks::FieldRole::kNodeNext).offset;
      const locks::Field& locked = FieldOf(locks::FieldRole::kNodeLocked);
      const std::uintptr_t locked_3 = PerCpuAddress(cpu) + locked.offset + 3U * locked.stride;
      __tsan_atomic64_store(reinterpret_cast<volatile std::uint64_t*>(next), 1, 0);
      __tsan_atomic32_store(reinterpret_cast<volatile std::uint32_t*>(locked_3), 2, 0);
      __tsan_atomic32_load(reinterpret_cast<volatile std::uint32_t*>(locked_3), 0);
      __tsan_write4(Bytes(locked_3));
      __tsan_read8(Bytes(next));
      // The held-lock table is there to be read by others.
      __tsan_atomic32_load(reinterpret_cast<volatile std::uint32_t*>(PerCpuAddress(cpu)), 0);
    }
  };
  script.Run();
  std::vector<std::tuple<unsigned, NodeAccess, std::uint32_t>> touches;
  for (const Event& event : TheMachine().events()) {
    if (event.kind != EventKind::kNodeTouch) continue;
    EXPECT_EQ(event.node_cpu, 2);
    touches.emplace_back(event.node_index, event.node_access, event.new_value);
  }
  EXPECT_EQ(touches, (std::vector<std::tuple<unsigned, NodeAccess, std::uint32_t>>{
                         {0, NodeAccess::kWriteNext, 1},
                         {3, NodeAccess::kWriteLocked, 2},
                         {3, NodeAccess::kRead, 0},
                         {3, NodeAccess::kWriteLocked, 0},
                         {0, NodeAccess::kRead, 0}}));
}

TEST(HooksTest, AWildAccessEndsTheExecution) {
  static std::uint32_t of_the_host = 0;
  const auto end_of = [](void (*access)(std::uintptr_t), std::uintptr_t address) {
    static bool went_on;
    went_on = false;
    Script script(1);
    script.cpus[0] = [access, address] {
      access(address);
      went_on = true;
    };
    script.Run();
    EXPECT_FALSE(went_on);
    EXPECT_EQ(Script::Count(EventKind::kWildAccess), 1);
    EXPECT_EQ(Script::Count(EventKind::kEnd), 0);
    return Script::First(EventKind::kWildAccess).new_value;
  };
  constexpr void (*kAccesses[])(std::uintptr_t) = {
      [](std::uintptr_t a) { __tsan_atomic32_load(reinterpret_cast<const volatile std::uint32_t*>(a), 0); },
      [](std::uintptr_t a) { __tsan_atomic32_store(reinterpret_cast<volatile std::uint32_t*>(a), 1, 0); },
      [](std::uintptr_t a) { __tsan_atomic32_fetch_add(reinterpret_cast<volatile std::uint32_t*>(a), 1, 0); },
      [](std::uintptr_t a) { __tsan_read4(Bytes(a)); },
      [](std::uintptr_t a) { __tsan_write4(Bytes(a)); },
  };
  for (const auto access : kAccesses) {
    EXPECT_EQ(end_of(access, 8), 0);  // a null pointer, or a member of one
    EXPECT_EQ(end_of(access, reinterpret_cast<std::uintptr_t>(&of_the_host)), 1);
    EXPECT_EQ(end_of(access, kMemoryBase + kMemoryBytes), 1);
  }
  EXPECT_EQ(of_the_host, 0);
}

}  // namespace
}  // namespace rqfuzz
