#include "fuzz/oracles/world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rqfuzz {

namespace {

// Whether acquires wait by test-and-set whatever happens.
bool MustTestAndSet(const WorldOptions& options) {
  const locks::WordLayout& layout = options.lock_type->word;
  if (!layout.HasQueue() && !layout.HasTickets()) return true;
  return options.virtual_machine && options.lock_type->has_test_and_set_path;
}

}  // namespace

void World::Reset(std::span<const Event> events, const WorldOptions& options) {
  events_ = events;
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
