#include "fuzz/oracles/world.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/check.h"

namespace rqfuzz {

namespace {

// Whether acquires wait by test-and-set whatever happens.
bool MustTestAndSet(const WorldOptions& options) {
  const locks::WordLayout& layout = options.lock_type->word;
  if (!layout.HasQueue() && !layout.HasTickets()) return true;
  return options.virtual_machine && options.lock_type->has_test_and_set_path;
}

}  // namespace

void World::Reset(const WorldOptions& options) {
  options_ = options;
  must_test_and_set_ = MustTestAndSet(options);
  now_ns_ = jumped_ns_ = clock_ahead_ns_ = 0;
  spoilt_ = false;
  acquires_.clear();
  suspended_count_ = 0;
  for (unsigned cpu = 0; cpu < options.cpu_count; ++cpu) {
    entries_[cpu].clear();
    current_[cpu].fill(kNobody);
    depth_[cpu] = 0;
    stolen_[cpu] = offline_[cpu] = false;
    node_owners_[cpu].fill(kNobody);
  }
  node_owners_[kMachineCpusMax].fill(kNobody);
  for (unsigned lock = 0; lock < options.lock_count; ++lock) {
    queues_[lock].clear();
    holders_[lock] = pending_[lock] = owners_[lock] = kNobody;
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

void World::Apply(const Event& event) { ApplyAs(event.kind, event); }

void World::OnAcquireBegin(const Event& event) {
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
  if (must_test_and_set_) acquire.role = WaitRole::kTestAndSet;
  acquire.role_ns = event.time_ns;
  acquire.role_jumped_ns = event.jumped_ns;
  acquire.role_clock_ahead_ns = clock_ahead_ns_;
  entries.push_back(id);
}

void World::OnAcquireEnd(const Event& event) {
  const int id = std::exchange(CurrentOf(event), kNobody);
  RQFUZZ_CHECK(id != kNobody);
  Acquire& acquire = Mutable(id);
  acquire.result = event.result;
  acquire.end_ns = event.time_ns;
  acquire.stage = event.result == 0 ? Stage::kOwning : Stage::kGone;
  if (event.result == -ETIMEDOUT && !contract().recovers_after_timeout) spoilt_ = true;
  if (acquire.was_queued) LeaveQueue(acquire.lock, id);
  if (pending_[acquire.lock] == id) pending_[acquire.lock] = kNobody;
  if (event.result == 0) {
    owners_[acquire.lock] = id;
  } else {
    RemoveEntry(event.cpu, id);
  }
}

void World::LeaveQueue(unsigned lock, int id) { std::erase(queues_[lock], id); }

void World::OnReleaseBegin(const Event& event) {
  // Callers release in the reverse order: the newest entry is the one. A caller that misuses the lock may have none.
  const int id = EntryOwned(event);
  CurrentOf(event) = id;
  if (id == kNobody) return;
  Acquire& acquire = Mutable(id);
  acquire.stage = Stage::kReleasing;
  if (owners_[acquire.lock] == id) owners_[acquire.lock] = kNobody;
}

void World::OnReleaseEnd(const Event& event) {
  const int id = std::exchange(CurrentOf(event), kNobody);
  if (id == kNobody) return;
  Mutable(id).stage = Stage::kGone;
  RemoveEntry(event.cpu, id);
}

void World::SetRole(Acquire& acquire, WaitRole role, const Event& event) {
  acquire.role = role;
  acquire.role_ns = event.time_ns;
  acquire.role_jumped_ns = event.jumped_ns;
  acquire.role_lost_ns = acquire.lost_ns;
  acquire.role_clock_ahead_ns = clock_ahead_ns_;
}

void World::OnWordWrite(const Event& event) {
  const locks::WordLayout& layout = options_.lock_type->word;
  const int id = current_[event.cpu][event.depth];
  // A write to the word by nobody in particular changes no role; the oracles see its consequences.
  if (id == kNobody || Get(id).lock != event.lock) return;
  if (layout.HasTickets()) return OnTicketWrite(event, id);
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
  if (((event.old_value ^ event.new_value) & ~layout.locked_mask) != 0) OnWaitersWrite(event, id);
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

void World::RemoveEntry(unsigned cpu, int id) {
  std::vector<int>& entries = entries_[cpu];
  // Almost always the newest one.
  if (entries.back() == id) {
    entries.pop_back();
  } else {
    std::erase(entries, id);
  }
}

int World::EntryOwned(const Event& event) const {
  const std::vector<int>& entries = entries_[event.cpu];
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    const Acquire& entry = Get(*it);
    if (entry.lock == event.lock && entry.depth == event.depth && entry.stage == Stage::kOwning) return *it;
  }
  return kNobody;
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

int World::Releaser(unsigned lock) const {
  for (unsigned cpu = 0; cpu < options_.cpu_count; ++cpu) {
    for (const int id : entries_[cpu]) {
      if (Get(id).lock == lock && Get(id).stage == Stage::kReleasing) return id;
    }
  }
  return kNobody;
}

int World::ClockedWaiter(unsigned cpu) const {
  const int id = Top(cpu);
  if (id == kNobody || offline_[cpu] || Get(id).stage != Stage::kAttempting) return kNobody;
  const WaitRole role = Get(id).role;
  const bool clocked = role == WaitRole::kPending || role == WaitRole::kHead || role == WaitRole::kTestAndSet;
  return clocked && !Get(id).took_word ? id : kNobody;
}

std::uint64_t World::WaitedNs(const Acquire& acquire) const {
  return jumped_ns_ - acquire.begin_jumped_ns - acquire.lost_ns;
}

std::uint64_t World::LimitNs(const Acquire& acquire) const {
  switch (acquire.role) {
    case WaitRole::kPending: return contract().pending_limit_ns;
    case WaitRole::kHead: return contract().head_limit_ns;
    case WaitRole::kTestAndSet: return contract().test_and_set_limit_ns;
    case WaitRole::kNone: return contract().trylock_limit_ns;
    case WaitRole::kQueued: return 0;
  }
  return 0;
}

bool World::HoldsUpOthers(int id) const {
  const Acquire& acquire = Get(id);
  if (acquire.stage != Stage::kAttempting) return false;
  return PendingWaiter(acquire.lock) == id || (acquire.was_queued && !acquire.left_queue);
}

const Acquire& World::RootOfMarkers(const Acquire& acquire) const {
  const Acquire* root = &acquire;
  for (int steps = 0; root->marked_by != kNobody && steps < acquire_count(); ++steps) root = &Get(root->marked_by);
  return *root;
}

bool World::IsOwedLink(const Acquire& acquire) const {
  if (acquire.behind == kNobody) return false;
  const Acquire& behind = Get(acquire.behind);
  return !behind.linked && (stolen_[behind.cpu] || depth_[behind.cpu] > behind.depth);
}

int World::HolderBelow(const Acquire& acquire) const {
  const int holder = holders_[acquire.lock];
  if (holder == kNobody || Get(holder).cpu != acquire.cpu || &Get(holder) == &acquire) return kNobody;
  return holder;
}

int World::AttemptInTheWay(const Acquire& acquire) const {
  const std::vector<int>& entries = entries_[acquire.cpu];
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](int id) {
    return &Get(id) != &acquire && Get(id).lock == acquire.lock && HoldsUpOthers(id);
  });
  return found == entries.rend() ? kNobody : *found;
}

int World::EntryBelow(const Acquire& acquire, bool attempts, bool releases) const {
  const std::vector<int>& entries = entries_[acquire.cpu];
  for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
    const Acquire& other = Get(*it);
    if (&other == &acquire || other.lock != acquire.lock) continue;
    if (attempts && other.stage == Stage::kAttempting) return *it;
    if (releases && other.stage == Stage::kReleasing) return *it;
  }
  return kNobody;
}

std::string_view ContextName(ContextKind kind) {
  constexpr std::string_view kNames[] = {"task", "softirq", "hardirq", "nmi", "program"};
  return kNames[static_cast<unsigned>(kind)];
}

std::string_view RoleName(WaitRole role) {
  constexpr std::string_view kNames[] = {"newcomer", "pending waiter", "waiter behind the queue head", "queue head",
                                         "test-and-set waiter"};
  return kNames[static_cast<unsigned>(role)];
}

std::string_view RoleSlug(WaitRole role) {
  constexpr std::string_view kNames[] = {"newcomer", "pending", "queued", "head", "test-and-set"};
  return kNames[static_cast<unsigned>(role)];
}

std::string Who(const Acquire& acquire) {
  if (acquire.context == ContextKind::kProgram) {
    return absl::StrFormat("CPU %d (program in %s)", acquire.cpu, std::string(ContextName(acquire.interrupt)));
  }
  return absl::StrFormat("CPU %d (%s)", acquire.cpu, std::string(ContextName(acquire.context)));
}

std::string Duration(std::uint64_t duration_ns) {
  if (duration_ns < 1000) return absl::StrFormat("%d ns", duration_ns);
  // Three digits after the point at most, and no trailing zeros.
  const bool short_one = duration_ns < 1'000'000;
  std::string text = absl::StrFormat("%.3f", static_cast<double>(duration_ns) / (short_one ? 1e3 : 1e6));
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return absl::StrCat(text, short_one ? " us" : " ms");
}

}  // namespace rqfuzz
