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
  std::int64_t countdown = INT64_MAX;  // points that pass before the next one that is looked at
  std::uint64_t base_ns = 0;           // virtual time at that point
  std::uint64_t version = 1;
  std::uint64_t point_ns = kPointNs;   // what a point takes on the CPU that runs
  std::uint32_t cpu = 0;               // the CPU that runs
  bool traced = false;                 // every point is looked at and recorded
  bool cas_may_fail = false;           // a compare-and-swap is to fail for no reason: Machine::FailNextCas()
};

extern Hot hot;

inline std::uint64_t PointsAhead() { return static_cast<std::uint64_t>(hot.countdown) + 1; }
inline std::uint64_t NowNs() { return hot.base_ns - PointsAhead() * hot.point_ns; }

// An access that is none, of relax, clock and the like.
inline constexpr std::uintptr_t kNoAccess = UINTPTR_MAX;

// What Machine does at a point that is looked at. `offset`: the place in its memory that the point's access is about to
// touch; `writes`: whether it may write there.
void SlowPoint(std::uintptr_t offset = kNoAccess, bool writes = false);

// A scheduling point: here, and only here, another CPU or an interrupt can come in.
[[gnu::always_inline]] inline void Point() {
  if (--hot.countdown < 0) [[unlikely]] SlowPoint();
}

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_HOT_H_
