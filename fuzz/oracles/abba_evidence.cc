#include "fuzz/oracles/abba_evidence.h"

#include <algorithm>
#include <array>

namespace rqfuzz {
namespace {

AbbaEvidence Weight(const Acquire& entry) {
  if (entry.took_word && !entry.freed_word) return AbbaEvidence::kDeadlock;
  return entry.stage == Stage::kAttempting ? AbbaEvidence::kAttempt : AbbaEvidence::kUnlockWindow;
}

// The entry of `lock` among `entries` below index `end` that justifies most; kNone: there is none.
AbbaEvidence Named(const World& world, const std::vector<int>& entries, std::size_t end, unsigned lock) {
  AbbaEvidence best = AbbaEvidence::kNone;
  for (std::size_t i = 0; i < end; ++i) {
    const Acquire& entry = world.Get(entries[i]);
    if (entry.lock == lock) best = std::max(best, Weight(entry));
  }
  return best;
}

// What one CPU's table can have shown to the acquire, part by part.
struct Shown {
  AbbaEvidence whole = AbbaEvidence::kNone;
  bool slot = false;  // names the wanted lock below the top
  bool top = false;   // the top names a lock that the acquire's CPU has below
};

Shown Look(const World& world, const Acquire& acquire, unsigned cpu) {
  Shown shown;
  const std::vector<int>& own = world.Entries(acquire.cpu);
  const auto mine = std::find_if(own.begin(), own.end(), [&](int id) { return &world.Get(id) == &acquire; });
  const auto below = static_cast<std::size_t>(mine - own.begin());
  const std::vector<int>& entries = world.Entries(cpu);
  // Entries come and go at the top a few steps after or before the calls that they belong to, so an entry under
  // one that is just being made or cleared may be the top as well; then it is no proof of a deadlock.
  for (std::size_t i = entries.size(); i-- > 0;) {
    const Acquire& top = world.Get(entries[i]);
    const AbbaEvidence named_by_top = Named(world, own, below, top.lock);
    const AbbaEvidence named_below = Named(world, entries, i, acquire.lock);
    AbbaEvidence whole = std::min(named_by_top, named_below);
    if (top.stage == Stage::kReleasing) whole = std::min(whole, AbbaEvidence::kUnlockWindow);
    if (i + 1 != entries.size()) whole = std::min(whole, AbbaEvidence::kAttempt);
    shown.whole = std::max(shown.whole, whole);
    shown.top = shown.top || named_by_top != AbbaEvidence::kNone;
    shown.slot = shown.slot || named_below != AbbaEvidence::kNone;
    if (top.stage == Stage::kOwning) break;
  }
  return shown;
}

}  // namespace

AbbaEvidence FindAbbaEvidence(const WorldOptions& options, const Event& event, int id, std::uint64_t since_ns) {
  static World world;
  world.Reset(options);
  AbbaEvidence best = AbbaEvidence::kNone;
  std::array<bool, kMachineCpusMax> slot{};
  std::array<bool, kMachineCpusMax> top{};
  for (const Event& past : options.events) {
    world.PassTime(past);
    // The state before this event lasted until its time: long enough for a check that began at `since_ns`.
    if (past.time_ns >= since_ns && id < world.acquire_count()) {
      for (unsigned cpu = 0; cpu < options.cpu_count; ++cpu) {
        if (cpu == world.Get(id).cpu) continue;
        const Shown shown = Look(world, world.Get(id), cpu);
        best = std::max(best, shown.whole);
        slot[cpu] = slot[cpu] || shown.slot;
        top[cpu] = top[cpu] || shown.top;
        if (slot[cpu] && top[cpu]) best = std::max(best, AbbaEvidence::kTorn);
      }
    }
    if (&past == &event) break;
    world.Apply(past);
  }
  return best;
}

}  // namespace rqfuzz
