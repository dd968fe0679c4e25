#include "fuzz/scenario/swarm.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

constexpr std::array<std::string_view, kInjectorCount> kNames = {
    "nmi",        "hardirq",      "softirq",        "storm",           "program",    "task",
    "reschedule", "steal",        "offline",        "stuck-owner",     "clock-jump", "clock",
    "slow-cpu",   "long-section", "table-overflow", "node-exhaustion", "misuse",     "spurious-failure",
    "corruption"};

}  // namespace

std::string_view InjectorName(Injector injector) { return kNames[static_cast<std::size_t>(injector)]; }

absl::StatusOr<Injectors> RequestedInjectors(std::string_view names) {
  constexpr auto kFirst = static_cast<std::size_t>(Injector::kMisuse);
  Injectors requested;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    const auto* const found = std::find(kNames.begin() + kFirst, kNames.end(), name);
    if (found == kNames.end()) {
      return absl::InvalidArgumentError(absl::StrCat("'", std::string(name),
                                                     "' is not used on request; name some of: misuse, "
                                                     "spurious-failure, corruption"));
    }
    requested.set(static_cast<std::size_t>(found - kNames.begin()));
  }
  return requested;
}

Injectors DefaultInjectors() {
  Injectors injectors;
  for (std::size_t i = 0; i < kInjectorCount; ++i) injectors[i] = !IsOptIn(static_cast<Injector>(i));
  return injectors;
}

Injectors DrawInjectors(const Injectors& requested, Random& random) {
  Injectors drawn;
  for (std::size_t i = 0; i < kInjectorCount; ++i) drawn[i] = random.OneIn(2);
  if (random.OneIn(2)) drawn.set(static_cast<std::size_t>(Injector::kNmi));
  return drawn & (DefaultInjectors() | requested);
}

}  // namespace rqfuzz
