// Which things that can go wrong a scenario may be given. A swarm of scenarios, each with a random subset of them,
// finds more than scenarios in which everything goes wrong at once: no fault drowns the others, and what one of them
// prevents is seen where it is missing.
#ifndef FUZZ_SCENARIO_SWARM_H_
#define FUZZ_SCENARIO_SWARM_H_

#include <bitset>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

enum class Injector : std::uint8_t {
  kNmi,
  kHardirq,
  kSoftirq,
  kStorm,
  kProgram,
  kTask,
  kReschedule,
  kSteal,
  kOffline,
  kStuckOwner,
  kClockJump,
  kClock,  // granularity, skew
  kSlowCpu,
  kLongSection,     // of 1 ms and more
  kTableOverflow,   // more locks held than the held-lock table has slots
  kNodeExhaustion,  // more nested acquires on one CPU than it has queue nodes
  kMisuse,          // from here on: only on request
  kSpuriousFailure,
  kCorruption,
};
inline constexpr unsigned kInjectorCount = static_cast<unsigned>(Injector::kCorruption) + 1;
using Injectors = std::bitset<kInjectorCount>;

// "nmi", "stuck-owner", ...
std::string_view InjectorName(Injector injector);
// The injectors whose names stand in `names`, between commas; each must be one that is used only on request.
absl::StatusOr<Injectors> RequestedInjectors(std::string_view names);

constexpr bool IsOptIn(Injector injector) { return injector >= Injector::kMisuse; }
inline bool Has(const Injectors& injectors, Injector injector) {
  return injectors[static_cast<std::size_t>(injector)];
}
// Those that need no request.
Injectors DefaultInjectors();
// A random subset of the default ones and of those that are requested: each is on every other time, the NMI in three of
// four, because most of what can go wrong needs one.
Injectors DrawInjectors(const Injectors& requested, Random& random);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_SWARM_H_
