#include "fuzz/oracles/world_changes.h"

#include <algorithm>

namespace rqfuzz {

void World::Apply(const Event& event) { ApplyAs(event.kind, event); }

void World::LeaveQueue(unsigned lock, int id) { std::erase(queues_[lock], id); }

void World::SetRole(Acquire& acquire, WaitRole role, const Event& event) {
  acquire.role = role;
  acquire.role_ns = event.time_ns;
  acquire.role_jumped_ns = event.jumped_ns;
  acquire.role_lost_ns = acquire.lost_ns;
  acquire.role_clock_ahead_ns = clock_ahead_ns_;
}

void World::OnWaitersWrite(const Event& event, int id) {
  const locks::WordLayout& layout = options_.lock_type->word;
  Acquire& actor = Mutable(id);
  const bool pending_before = layout.Pending(event.old_value);
  const bool pending_after = layout.Pending(event.new_value);
  if (!pending_before && pending_after) {
    pending_[event.lock] = id;
    // The head of a paravirtual lock's queue sets pending too, and stays the head.
    if (!actor.was_queued) SetRole(actor, WaitRole::kPending, event);
  } else if (pending_before && !pending_after) {
    // Undone, given up, or turned into ownership. The role stays: it says how the acquire has waited.
    pending_[event.lock] = kNobody;
  }
  const std::uint32_t tail = layout.Tail(event.new_value);
  if (tail == 0 || tail == layout.Tail(event.old_value) || actor.stage != Stage::kAttempting) return;
  if (layout.TailCpu(event.new_value) != event.cpu) return;  // puts somebody else's tail back
  const unsigned index = layout.TailIndex(event.new_value) % kNodesMax;
  const std::uint32_t old_tail = layout.Tail(event.old_value);
  actor.was_queued = true;
  actor.waiters_ahead = static_cast<unsigned>(queues_[event.lock].size());
  actor.joined_jumped_ns = event.jumped_ns;
  SetRole(actor, old_tail == 0 ? WaitRole::kHead : WaitRole::kQueued, event);
  if (old_tail != 0) {
    const unsigned old_cpu = std::min(layout.TailCpu(event.old_value), kMachineCpusMax);
    actor.ahead = node_owners_[old_cpu][layout.TailIndex(event.old_value) % kNodesMax];
    if (actor.ahead != kNobody) Mutable(actor.ahead).behind = id;
  }
  node_owners_[event.cpu][index] = id;
  queues_[event.lock].push_back(id);
}

void World::OnTicketWrite(const Event& event, int id) {
  const locks::WordLayout& layout = options_.lock_type->word;
  std::vector<int>& queue = queues_[event.lock];
  Acquire& actor = Mutable(id);
  if (layout.Next(event.new_value) != layout.Next(event.old_value)) {
    actor.was_queued = true;
    actor.waiters_ahead = static_cast<unsigned>(queue.size());
    actor.joined_jumped_ns = event.jumped_ns;
    actor.ahead = queue.empty() ? kNobody : queue.back();
    SetRole(actor, queue.empty() ? WaitRole::kHead : WaitRole::kQueued, event);
    queue.push_back(id);
  }
  if (layout.Served(event.new_value) != layout.Served(event.old_value)) {
    actor.freed_word = true;
    holders_[event.lock] = kNobody;
  }
  // Whoever is first in line owns the lock as soon as its ticket is served, whether it has seen that or not.
  if (holders_[event.lock] != kNobody || queue.empty() || layout.AtRest(event.new_value)) return;
  holders_[event.lock] = queue.front();
  Acquire& holder = Mutable(queue.front());
  holder.took_word = true;
  if (holder.role == WaitRole::kQueued) SetRole(holder, WaitRole::kHead, event);
}

void World::OnNodeTouch(const Event& event) {
  const int toucher = current_[event.cpu][event.depth];
  if (event.node_access == NodeAccess::kWriteNext && toucher != kNobody) Mutable(toucher).linked = true;
  if (event.node_access != NodeAccess::kWriteLocked) return;
  const int target = node_owners_[event.node_cpu][event.node_index % kNodesMax];
  if (target == kNobody || Get(target).stage != Stage::kAttempting) return;
  if (event.new_value == 1) {
    SetRole(Mutable(target), WaitRole::kHead, event);
  } else {
    Mutable(target).marked_by = toucher;
  }
}

void World::SwitchTask(const Event& event) {
  std::vector<int>& entries = entries_[event.cpu];
  int& current = current_[event.cpu][0];
  unsigned place = 0;
  while (place < suspended_count_ && suspended_[place].task != event.old_value) ++place;
  RQFUZZ_CHECK(place < kMachineTasksMax);
  suspended_count_ = std::max(suspended_count_, place + 1);
  // Copied, not exchanged: so nothing is allocated once all lists have been long enough.
  suspended_[place].task = event.old_value;
  suspended_[place].current = current;
  suspended_[place].entries.assign(entries.begin(), entries.end());
  current = kNobody;
  entries.clear();
  for (unsigned i = 0; i < suspended_count_; ++i) {
    Suspended& goes_on = suspended_[i];
    if (goes_on.task != event.new_value) continue;
    current = std::exchange(goes_on.current, kNobody);
    entries.assign(goes_on.entries.begin(), goes_on.entries.end());
    goes_on.entries.clear();
  }
}

void World::PassJump(std::uint64_t passed_ns) {
  jumped_ns_ += passed_ns;
  unsigned disturbed_count = 0;
  // An offline CPU owes nobody anything for a while: who depends on it waits for ever, or has a clock.
  const auto is_disturbed = [this](unsigned cpu) { return !offline_[cpu] && (stolen_[cpu] || depth_[cpu] > 0); };
  for (unsigned cpu = 0; cpu < options_.cpu_count; ++cpu) disturbed_count += is_disturbed(cpu);
  for (unsigned i = 0; i < suspended_count_; ++i) {
    if (suspended_[i].current != kNobody) Mutable(suspended_[i].current).lost_ns += passed_ns;
  }
  for (unsigned cpu = 0; cpu < options_.cpu_count; ++cpu) {
    const bool disturbed = is_disturbed(cpu);
    for (unsigned depth = 0; depth <= depth_[cpu]; ++depth) {
      if (current_[cpu][depth] == kNobody) continue;
      Acquire& acquire = Mutable(current_[cpu][depth]);
      if (stolen_[cpu] || depth < depth_[cpu]) acquire.lost_ns += passed_ns;
      if (disturbed_count > (disturbed ? 1U : 0U)) acquire.others_lost_ns += passed_ns;
      if (acquire.role == WaitRole::kQueued && owners_[acquire.lock] != kNobody) acquire.owned_ahead_ns += passed_ns;
    }
  }
}

}  // namespace rqfuzz
