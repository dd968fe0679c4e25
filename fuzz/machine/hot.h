// The few words that every scheduling point touches, apart from the rest of the machine so that a point which
// does nothing costs one decrement and one branch.
//
// Invariants:
//  1. The point at which something may happen finds `countdown` at zero, and leaves it at -1. The machine counts points
//     and time ahead up to there: nothing is left to be added at such a point, and PointsAhead() is what to take off
//     before.
//  2. `version` grows whenever memory other than a fiber's own stack changes.
// The entry points of accesses (sequential_memory.h) and services.cc use it, and Machine; nobody else.
#ifndef FUZZ_MACHINE_HOT_H_
#define FUZZ_MACHINE_HOT_H_

#include <cstdint>

namespace rqfuzz {

// Virtual time that one scheduling point takes on an ordinary CPU, in nanoseconds.
inline constexpr std::uint64_t kPointNs = 10;

struct Hot {
  std::uint64_t countdown = INT64_MAX;  // points that pass before the next one that is looked at; see CountPoint()
  std::uint64_t base_ns = 0;           // virtual time at that point
  std::uint64_t version = 1;
  std::uint64_t point_ns = kPointNs;   // what a point takes on the CPU that runs
  std::uintptr_t own_data = 0;         // of the CPU that runs: where it begins in the machine's memory
  std::uint32_t cpu = 0;               // that CPU
  bool traced = false;                 // every point is looked at and recorded
  bool cas_may_fail = false;           // a compare-and-swap is to fail for no reason: Machine::FailNextCas()
};

extern Hot hot;

// The countdown when nothing is counted ahead: the next point is looked at.
inline constexpr std::uint64_t kNoneAhead = UINT64_MAX;

inline std::uint64_t PointsAhead() { return hot.countdown + 1; }
inline std::uint64_t NowNs() { return hot.base_ns - PointsAhead() * hot.point_ns; }

// An access that is none, of relax, clock and the like.
inline constexpr std::uintptr_t kNoAccess = UINTPTR_MAX;

// What Machine does at a point that is looked at. `offset`: the place in its memory that the point's access is about to
// touch; `writes`: whether it may write there.
void SlowPoint(std::uintptr_t offset = kNoAccess, bool writes = false);

// Counts a point; whether it must be looked at: then SlowPoint() follows.
// The sign of an unsigned number is what the decrement itself tells the processor. Of a signed one, which must not
// overflow, a compiler asks instead whether it was positive before: three instructions more.
[[gnu::always_inline]] inline bool CountPoint() { return static_cast<std::int64_t>(--hot.countdown) < 0; }

// A scheduling point: here, and only here, another CPU or an interrupt can come in.
[[gnu::always_inline]] inline void Point() {
  if (CountPoint()) [[unlikely]] SlowPoint();
}

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_HOT_H_
