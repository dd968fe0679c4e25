#include "fuzz/oracles/abba_evidence.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

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

constexpr std::size_t kNowhere = SIZE_MAX;

// What one CPU's table can have shown to the acquire, part by part. The check reads the parts one after the other, so
// the slot that it takes for the top need not be the top any more, nor the one below it be below.
struct Shown {
  AbbaEvidence whole = AbbaEvidence::kNone;
  std::size_t slot = kNowhere;  // the lowest that names the wanted lock
  std::size_t top = 0;          // the highest that names a lock which the acquire's CPU has below

  bool Torn() const { return slot < top; }
  void AddParts(const Shown& later) {
    slot = std::min(slot, later.slot);
    top = std::max(top, later.top);
  }
};

Shown Look(const World& world, const Acquire& acquire, unsigned cpu) {
  Shown shown;
  const std::vector<int>& own = world.Entries(acquire.cpu);
  const auto mine = std::find_if(own.begin(), own.end(), [&](int id) { return &world.Get(id) == &acquire; });
  const auto below = static_cast<std::size_t>(mine - own.begin());
  const std::vector<int>& entries = world.Entries(cpu);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const unsigned lock = world.Get(entries[i]).lock;
    if (lock == acquire.lock) shown.slot = std::min(shown.slot, i);
    if (Named(world, own, below, lock) != AbbaEvidence::kNone) shown.top = i;
  }
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
    if (top.stage == Stage::kOwning) break;
  }
  return shown;
}

// Whether the bits that the acquire waits for are set.
bool IsTaken(const World& world, const Acquire& acquire) {
  if (world.Holder(acquire.lock) != kNobody) return true;
  if (acquire.role == WaitRole::kPending || acquire.role == WaitRole::kTestAndSet) return false;
  if (world.PendingWaiter(acquire.lock) != kNobody) return true;
  // Whoever spins on trylock waits for the whole word.
  return acquire.role == WaitRole::kNone && !world.Queue(acquire.lock).empty();
}

// A question while the execution passes by.
struct Inquiry {
  AbbaQuestion* question = nullptr;
  AbbaEvidence best = AbbaEvidence::kNone;
  bool taken = false;
  std::array<Shown, kMachineCpusMax> parts;

  void LookAt(const World& world) {
    if (question->id >= world.acquire_count()) return;
    const Acquire& acquire = world.Get(question->id);
    taken = taken || IsTaken(world, acquire);
    for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
      if (cpu == acquire.cpu) continue;
      const Shown shown = Look(world, acquire, cpu);
      best = std::max(best, shown.whole);
      parts[cpu].AddParts(shown);
      if (parts[cpu].Torn()) best = std::max(best, AbbaEvidence::kTorn);
    }
  }
};

}  // namespace

bool ShowsDeadlock(const World& world, int id) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (cpu != world.Get(id).cpu && Look(world, world.Get(id), cpu).whole == AbbaEvidence::kDeadlock) return true;
  }
  return false;
}

void AnswerAbba(const World& judged, std::span<AbbaQuestion> questions) {
  std::sort(questions.begin(), questions.end(),
            [](const AbbaQuestion& one, const AbbaQuestion& other) { return one.since_ns < other.since_ns; });
  static World world;
  world.Reset(judged.events(), judged.options());
  static std::vector<Inquiry> open;
  open.clear();
  std::size_t next = 0;
  for (const Event& past : judged.events()) {
    if (next == questions.size() && open.empty()) break;
    world.PassTime(past);
    // The state before this event lasted until its time: long enough for a check that began by then.
    for (; next < questions.size() && questions[next].since_ns <= past.time_ns; ++next) {
      open.push_back({.question = &questions[next]});
    }
    for (Inquiry& inquiry : open) inquiry.LookAt(world);
    std::erase_if(open, [&past](const Inquiry& inquiry) {
      if (inquiry.question->event != &past) return false;
      inquiry.question->answer = inquiry.taken ? std::max(inquiry.best, inquiry.question->own) : AbbaEvidence::kNone;
      return true;
    });
    world.Apply(past);
  }
}

}  // namespace rqfuzz
