#include "lock/qspinlock.h"

#include <cstddef>
#include <utility>

#include "lock/barrier.h"
#include "lock/queue_head.h"
#include "lock/services.h"
#include "lock/spin_entry_points.h"

namespace locks {

template <Build kBuild>
void Qspinlock<kBuild>::slowpath(std::uint32_t value) {
  if (!word_.try_become_pending(value)) return queue();  // Slow path steps 3 to 5.
  if (kLayout.Locked(value)) {                           // Slow path step 6.
    while (word_.load_locked_acquire() != 0) kernel::cpu_relax();
  }
  word_.clear_pending_set_locked();  // Slow path step 8.
}

template <Build kBuild>
void Qspinlock<kBuild>::queue() {
  QueueNode* const nodes = queue_nodes(kernel::smp_processor_id());
  // Queue step 2. An NMI between load and store gets the same index and has finished before it is used here.
  const auto index = static_cast<unsigned>(nodes[0].count++);
  kernel::trace_contention_begin(this);
  if (index < kNodesPerCpu) {
    wait_in_queue(nodes[index], index);
  } else {
    while (!word_.trylock()) kernel::cpu_relax();
  }
  kernel::trace_contention_end(this, 0);
  nodes[0].count--;
}

template <Build kBuild>
void Qspinlock<kBuild>::wait_in_queue(QueueNode& node, unsigned index) {
  barrier();  // Queue step 4: an interrupt that nests here must not be given this node.
  node.init();
  if (word_.trylock()) return;  // Queue step 5.

  const std::uint32_t tail = Word::encode_tail(kernel::smp_processor_id(), index);
  write_barrier();  // Queue step 6.
  const std::uint32_t old_tail = word_.xchg_tail(tail);
  QueueNode* next = nullptr;
  if (old_tail != 0) {  // Queue step 7.
    queue_nodes(kLayout.TailCpu(old_tail))[kLayout.TailIndex(old_tail)].link(node);
    static_cast<void>(node.wait_for_hand_over());
    next = node.load_next();
  }
  constexpr std::uint32_t kMask = kLayout.locked_mask | kLayout.pending_mask;
  std::uint32_t value;
  while (((value = word_.load_acquire()) & kMask) != 0) kernel::cpu_relax();  // Queue step 8.
  claim_as_head</*kLooksBehind=*/false>(word_, value, node, tail, next);      // Queue step 11.
}

template <std::size_t... kBuildIndex>
constexpr auto qspinlock_entry_points(std::index_sequence<kBuildIndex...>) {
  return std::array<EntryPoints, kBuildCount>{spin_entry_points<Qspinlock<kBuilds[kBuildIndex].build>>()...};
}

}  // namespace locks

constinit const std::array<locks::EntryPoints, locks::kBuildCount> locks_qspinlock_entry_points =
    locks::qspinlock_entry_points(std::make_index_sequence<locks::kBuildCount>());
