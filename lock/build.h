// The build variants of the queued locks, as data: what an architecture and a configuration decide.
#ifndef LOCK_BUILD_H_
#define LOCK_BUILD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace locks {

// The lock word (section 2 of the description).
enum class Layout {
  kSmall,  // fewer than 16,384 CPUs: pending and tail are accessed on their own
  kLarge,  // the tail is exchanged by a compare-and-swap loop on the whole word
};

// How a waiter sets pending and learns the old word (section 3).
enum class SetPending {
  kFetchOr,
  kBitTestAndSet,  // x86: then reads the other fields on their own
};

struct Build {
  Layout layout;
  SetPending set_pending;
  std::uint32_t pending_loops;    // _Q_PENDING_LOOPS
  std::uint32_t spins_per_check;  // the wait state acts on each spins_per_check-th consultation; divides 65,536
};

struct BuildRow {
  std::string_view name;
  Build build;
};

// "x86" is "x86-full" with its spinning scaled down, for simulation.
inline constexpr auto kBuilds = std::to_array<BuildRow>({
    {"generic", {Layout::kSmall, SetPending::kFetchOr, 1, 1}},
    {"x86", {Layout::kSmall, SetPending::kBitTestAndSet, 8, 16}},
    {"x86-full", {Layout::kSmall, SetPending::kBitTestAndSet, 512, 65'536}},
    {"large", {Layout::kLarge, SetPending::kFetchOr, 1, 1}},
});

inline constexpr std::size_t kBuildCount = kBuilds.size();

}  // namespace locks

#endif  // LOCK_BUILD_H_
