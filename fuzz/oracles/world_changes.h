// What the events that every call of a lock makes change in the world, for who applies many of them. The rest is in
// world_changes.cc.
#ifndef FUZZ_ORACLES_WORLD_CHANGES_H_
#define FUZZ_ORACLES_WORLD_CHANGES_H_

#include <cerrno>
#include <utility>

#include "fuzz/check.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {

[[gnu::always_inline]] inline void World::OnAcquireBegin(const Event& event) {
  const int id = acquire_count();
  CurrentOf(event) = id;
  std::vector<int>& entries = entries_[event.cpu];
  Acquire& acquire = acquires_.emplace_back();
  static_cast<Standing&>(acquire) = event;
  acquire.lock = event.lock;
  acquire.queue_nodes = event.queue_nodes;
  acquire.held_below = static_cast<unsigned>(entries.size());
  acquire.begin_ns = event.time_ns;
  acquire.begin_jumped_ns = event.jumped_ns;
  if (must_test_and_set_) [[unlikely]] acquire.role = WaitRole::kTestAndSet;
  acquire.role_ns = event.time_ns;
  acquire.role_jumped_ns = event.jumped_ns;
  acquire.role_clock_ahead_ns = clock_ahead_ns_;
  entries.push_back(id);
}

[[gnu::always_inline]] inline void World::RemoveEntry(unsigned cpu, int id) {
  std::vector<int>& entries = entries_[cpu];
  // Almost always the newest one.
  if (entries.back() == id) [[likely]] {
    entries.pop_back();
  } else {
    std::erase(entries, id);
  }
}

[[gnu::always_inline]] inline void World::OnAcquireEnd(const Event& event) {
  const int id = std::exchange(CurrentOf(event), kNobody);
  RQFUZZ_CHECK(id != kNobody);
  Acquire& acquire = Mutable(id);
  acquire.result = event.result;
  acquire.end_ns = event.time_ns;
  acquire.stage = event.result == 0 ? Stage::kOwning : Stage::kGone;
  if (event.result == -ETIMEDOUT && !contract().recovers_after_timeout) [[unlikely]] spoilt_ = true;
  if (acquire.was_queued) [[unlikely]] LeaveQueue(acquire.lock, id);
  if (pending_[acquire.lock] == id) [[unlikely]] pending_[acquire.lock] = kNobody;
  if (event.result == 0) [[likely]] {
    owners_[acquire.lock] = id;
  } else {
    RemoveEntry(event.cpu, id);
  }
}

[[gnu::always_inline]] inline int World::EntryOwned(const Event& event) const {
  const std::vector<int>& entries = entries_[event.cpu];
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    const Acquire& entry = Get(*it);
    if (entry.lock == event.lock && entry.depth == event.depth && entry.stage == Stage::kOwning) return *it;
  }
  return kNobody;
}

[[gnu::always_inline]] inline void World::OnReleaseBegin(const Event& event) {
  // Callers release in the reverse order: the newest entry is the one. A caller that misuses the lock may have none.
  const int id = EntryOwned(event);
  CurrentOf(event) = id;
  if (id == kNobody) [[unlikely]] return;
  Acquire& acquire = Mutable(id);
  acquire.stage = Stage::kReleasing;
  if (owners_[acquire.lock] == id) owners_[acquire.lock] = kNobody;
}

[[gnu::always_inline]] inline void World::OnReleaseEnd(const Event& event) {
  const int id = std::exchange(CurrentOf(event), kNobody);
  if (id == kNobody) [[unlikely]] return;
  Mutable(id).stage = Stage::kGone;
  RemoveEntry(event.cpu, id);
}

[[gnu::always_inline]] inline void World::OnWordWrite(const Event& event) {
  const locks::WordLayout& layout = options_.lock_type->word;
  const int id = current_[event.cpu][event.depth];
  // A write to the word by nobody in particular changes no role; the oracles see its consequences.
  if (id == kNobody || Get(id).lock != event.lock) [[unlikely]] return;
  if (layout.HasTickets()) [[unlikely]] return OnTicketWrite(event, id);
  Acquire& actor = Mutable(id);
  const bool locked_before = layout.Locked(event.old_value);
  const bool locked_after = layout.Locked(event.new_value);
  if (!locked_before && locked_after) {
    actor.took_word = true;
    holders_[event.lock] = id;
  } else if (locked_before && !locked_after) {
    if (actor.stage == Stage::kReleasing) actor.freed_word = true;
    holders_[event.lock] = kNobody;
  }
  if (((event.old_value ^ event.new_value) & ~layout.locked_mask) != 0) [[unlikely]]
    OnWaitersWrite(event, id);
}

[[gnu::always_inline]] inline void World::ApplyAs(EventKind kind, const Event& event) {
  switch (kind) {
    case EventKind::kAcquireBegin: return OnAcquireBegin(event);
    case EventKind::kAcquireEnd: return OnAcquireEnd(event);
    case EventKind::kReleaseBegin: return OnReleaseBegin(event);
    case EventKind::kReleaseEnd: return OnReleaseEnd(event);
    case EventKind::kContextEnter:
      depth_[event.cpu] = event.depth;
      CurrentOf(event) = kNobody;
      return;
    case EventKind::kContextExit:
      depth_[event.cpu] = event.depth - 1U;
      return;
    case EventKind::kWordWrite: return OnWordWrite(event);
    case EventKind::kNodeTouch: return OnNodeTouch(event);
    case EventKind::kStealBegin: stolen_[event.cpu] = true; return;
    case EventKind::kStealEnd: stolen_[event.cpu] = false; return;
    case EventKind::kOffline: offline_[event.cpu] = true; return;
    case EventKind::kClockJump: clock_ahead_ns_ += event.clock_read_ns; return;
    case EventKind::kContentionEnd:
      if (CurrentOf(event) != kNobody) Mutable(CurrentOf(event)).left_queue = true;
      return;
    case EventKind::kTaskSwitch: return SwitchTask(event);
    case EventKind::kContentionBegin:
    case EventKind::kMisuse:
    case EventKind::kSpuriousFailure:
    case EventKind::kCorruption:
    case EventKind::kViolationReport:
    case EventKind::kWildAccess:
    case EventKind::kScheduled:
    case EventKind::kLeftover:
    case EventKind::kHang:
    case EventKind::kStepLimit:
    case EventKind::kEnd: return;
  }
}

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_WORLD_CHANGES_H_
