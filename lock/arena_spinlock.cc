#include "lock/arena_spinlock.h"

#include <cerrno>

#include "lock/barrier.h"
#include "lock/services.h"
#include "lock/spin_entry_points.h"

namespace locks {
namespace {

// Spins until `condition` holds; false once the budget is spent.
template <typename Condition>
[[nodiscard]] bool wait_until(Condition condition) {
  for (std::uint32_t turns = 0; turns < kArenaSpinBudget; ++turns) {
    if (condition()) return true;
    kernel::cpu_relax();
  }
  return false;
}

}  // namespace

int ArenaSpinlock::acquire() {
  if (kernel::smp_processor_id() >= kArenaCpusMax) return -EOPNOTSUPP;
  std::uint32_t value = 0;
  return word_.try_cmpxchg_acquire(value, kLockedValue) ? 0 : slowpath(value);
}

int ArenaSpinlock::slowpath(std::uint32_t value) {
  value = word_.wait_for_pending_owner(value);             // Slow path step 3.
  if ((value & ~kLayout.locked_mask) != 0) return queue();  // Slow path step 4.
  value = fetch_set_pending_acquire();                      // Slow path step 5.
  if ((value & ~kLayout.locked_mask) != 0) {
    if (!kLayout.Pending(value)) word_.clear_pending();
    return queue();
  }
  // Slow path step 6. Pending stays set when the budget is spent.
  if (kLayout.Locked(value) && !wait_until([this] { return word_.load_locked_acquire() == 0; })) return -ETIMEDOUT;
  word_.clear_pending_set_locked();  // Slow path step 8.
  return 0;
}

int ArenaSpinlock::queue() {
  QueueNode* const nodes = queue_nodes(kernel::smp_processor_id());
  const auto index = static_cast<unsigned>(nodes[0].count++);  // Queue step 2.
  const int error = index < kNodesPerCpu ? wait_in_queue(nodes[index], index) : -EBUSY;
  nodes[0].count--;
  return error;
}

int ArenaSpinlock::wait_in_queue(QueueNode& node, unsigned index) {
  barrier();  // Queue step 4: an interrupt that nests here must not be given this node.
  node.init();
  if (word_.trylock()) return 0;  // Queue step 5.

  const std::uint32_t tail = Word::encode_tail(kernel::smp_processor_id(), index);
  write_barrier();  // Queue step 6.
  const std::uint32_t old_tail = kLayout.Tail(xchg_tail(tail));
  QueueNode* next = nullptr;
  if (old_tail != 0) {  // Queue step 7. The predecessor goes on naming this node when the budget is spent.
    queue_nodes(kLayout.TailCpu(old_tail))[kLayout.TailIndex(old_tail)].link(node);
    if (!wait_until([&node] { return node.load_locked_acquire() != 0; })) return -ETIMEDOUT;
    next = node.load_next();
  }
  constexpr std::uint32_t kMask = kLayout.locked_mask | kLayout.pending_mask;
  std::uint32_t value = 0;
  // Queue step 8. The tail goes on naming this node when the budget is spent, and those behind it are not told.
  if (!wait_until([this, &value] { return ((value = word_.load_acquire()) & kMask) == 0; })) return -ETIMEDOUT;
  if (kLayout.Tail(value) == tail && word_.try_cmpxchg_relaxed(value, kLockedValue)) return 0;  // Queue step 11.
  word_.set_locked();
  // The lock stays locked with no owner when the budget is spent.
  if (next == nullptr && !wait_until([&node, &next] { return (next = node.load_next()) != nullptr; })) {
    return -ETIMEDOUT;
  }
  next->hand_over();
  return 0;
}

std::uint32_t ArenaSpinlock::fetch_set_pending_acquire() {
  std::uint32_t old = word_.load_relaxed();
  for (std::uint32_t turns = 0; turns < kArenaSpinBudget; ++turns) {
    if (word_.try_cmpxchg_acquire(old, old | kPendingValue)) break;
  }
  return old;
}

std::uint32_t ArenaSpinlock::xchg_tail(std::uint32_t tail) {
  std::uint32_t old = 0;
  for (std::uint32_t turns = 0; turns < kArenaSpinBudget; ++turns) {
    old = word_.load_relaxed();
    if (word_.try_cmpxchg_relaxed(old, (old & ~Word::kTailMask) | tail)) break;
  }
  return old;
}

}  // namespace locks

constinit const locks::EntryPoints locks_arena_spinlock_entry_points =
    locks::spin_entry_points<locks::ArenaSpinlock>();
