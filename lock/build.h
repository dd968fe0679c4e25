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
  std::uint32_t spins_before_halt = 1;  // of a paravirtual waiter
  std::uint32_t spins_per_look = 1;     // at the waiter ahead of it, while it spins
};

struct BuildRow {
  std::string_view name;
  Build build;
};

// "x86" is "x86-full" with its spinning scaled down, for simulation. A lock has the builds that make a difference to
// it.
inline constexpr auto kBuilds = std::to_array<BuildRow>({
    {"generic", {Layout::kSmall, SetPending::kFetchOr, 1, 1, 8, 4}},
    {"x86", {Layout::kSmall, SetPending::kBitTestAndSet, 8, 16, 32, 8}},
    {"x86-full", {Layout::kSmall, SetPending::kBitTestAndSet, 512, 65'536, 32'768, 256}},
    {"large", {Layout::kLarge, SetPending::kFetchOr, 1, 1, 8, 4}},
});

inline constexpr std::size_t kBuildCount = kBuilds.size();

}  // namespace locks

#endif  // LOCK_BUILD_H_
