#include "lock/pv_qspinlock.h"

#include <utility>

#include "lock/barrier.h"
#include "lock/services.h"
#include "lock/spin_entry_points.h"

namespace locks {
namespace {

VcpuState load_state(const PvNode& node) {
  return static_cast<VcpuState>(__atomic_load_n(&node.state, __ATOMIC_RELAXED));
}

void store_state(PvNode& node, VcpuState state) {
  __atomic_store_n(&node.state, static_cast<std::uint8_t>(state), __ATOMIC_RELAXED);
}

// Changes the state from kHalted; false if the waiter is not halted.
bool leave_halted(PvNode& node, VcpuState state) {
  std::uint8_t expected = kHalted;
  return __atomic_compare_exchange_n(&node.state, &expected, static_cast<std::uint8_t>(state), false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

}  // namespace

template <Build kBuild>
void PvQspinlock<kBuild>::queue() {
  PvNode* const nodes = pv_nodes(kernel::smp_processor_id());
  // Queue step 2. An NMI between load and store gets the same index and has finished before it is used here.
  const auto index = static_cast<unsigned>(nodes[0].mcs.count++);
  kernel::trace_contention_begin(this);
  if (index < kNodesPerCpu) {
    wait_in_queue(nodes[index], index);
  } else {
    while (!word_.try_steal()) kernel::cpu_relax();
  }
  kernel::trace_contention_end(this, 0);
  nodes[0].mcs.count--;
}

template <Build kBuild>
void PvQspinlock<kBuild>::wait_in_queue(PvNode& node, unsigned index) {
  barrier();  // Queue step 4: an interrupt that nests here must not be given this node.
  const unsigned cpu = kernel::smp_processor_id();
  node.mcs.init();
  __atomic_store_n(&node.cpu, static_cast<int>(cpu), __ATOMIC_RELAXED);
  store_state(node, kRunning);
  if (word_.try_steal()) return;  // Queue step 5.

  const std::uint32_t tail = Word::encode_tail(cpu, index);
  write_barrier();  // Queue step 6.
  const std::uint32_t old_tail = word_.xchg_tail(tail);
  QueueNode* next = nullptr;
  if (old_tail != 0) {  // Queue step 7.
    PvNode& previous = pv_nodes(kLayout.TailCpu(old_tail))[kLayout.TailIndex(old_tail)];
    previous.mcs.link(node.mcs);
    wait_for_hand_over(node, previous, kLayout.TailCpu(old_tail));
    next = node.mcs.load_next();
  }
  wait_as_head(node);
  if (word_.try_cmpxchg_relaxed(tail | kLockedValue, kLockedValue)) return;
  if (next == nullptr) next = &node.mcs.wait_for_next();
  hand_over(*reinterpret_cast<PvNode*>(next));
}

template <Build kBuild>
void PvQspinlock<kBuild>::wait_for_hand_over(PvNode& node, const PvNode& previous, unsigned previous_cpu) {
  for (;;) {
    for (std::uint32_t spins = kBuild.spins_before_halt; spins != 0; --spins) {
      if (node.mcs.load_locked_acquire() != 0) return;
      // While the waiter ahead does not run, spinning is of no use. It may have left: then this is a wrong guess.
      const bool looks = spins % kBuild.spins_per_look == 0;
      if (looks && (load_state(previous) != kRunning || kernel::vcpu_is_preempted(previous_cpu))) break;
      kernel::cpu_relax();
    }
    // The predecessor writes `locked` and then looks at the state; here it is the other way round, so that one of
    // the two sees the other.
    __atomic_exchange_n(&node.state, std::uint8_t{kHalted}, __ATOMIC_SEQ_CST);
    if (node.mcs.load_locked_acquire() == 0) kernel::pv_wait(&node.state, kHalted);
    static_cast<void>(leave_halted(node, kRunning));  // Unless the predecessor has made it kHashed.
  }
}

template <Build kBuild>
void PvQspinlock<kBuild>::wait_as_head(PvNode& node) {
  bool noted = load_state(node) == kHashed;
  for (;;) {
    store_state(node, kRunning);
    word_.set_pending();
    for (std::uint32_t spins = kBuild.spins_before_halt; spins != 0; --spins) {
      if (word_.try_clear_pending_set_locked()) return;
      kernel::cpu_relax();
    }
    word_.clear_pending();
    if (!noted) {
      PvLockTable::Note& note = pv_lock_table().enter(this, &node);
      if (word_.xchg_slow() == 0) {
        word_.set_locked();
        pv_lock_table().remove(note);
        return;
      }
      noted = true;
    }
    // The previous head may be about to set the byte; until then there is nothing to halt for.
    const bool slow = word_.load_locked_relaxed() == kSlowValue;
    store_state(node, kHashed);
    kernel::pv_wait(word_.locked_byte(), kSlowValue);
    // A release has taken the note out. If somebody steals the lock now, its release must find a new one.
    if (slow && word_.load_locked_relaxed() != kSlowValue) noted = false;
  }
}

// REQUIRES: the caller owns the lock.
template <Build kBuild>
void PvQspinlock<kBuild>::hand_over(PvNode& next) {
  next.mcs.hand_over();
  if (!leave_halted(next, kHashed)) return;
  // It sleeps on until the lock is released: there is nothing for it to do before.
  static_cast<void>(pv_lock_table().enter(this, &next));
  word_.set_slow();
}

template <Build kBuild>
void PvQspinlock<kBuild>::unlock_slowpath() {
  const PvNode& head = pv_lock_table().take_out(this);
  word_.unlock();
  // The head may have left its node since, but the CPU of a node never changes, and a kick too many does no harm.
  kernel::pv_kick(static_cast<unsigned>(__atomic_load_n(&head.cpu, __ATOMIC_RELAXED)));
}

template <std::size_t... kIndex>
constexpr auto pv_qspinlock_entry_points(std::index_sequence<kIndex...>) {
  return std::array<EntryPoints, kPvBuilds.size()>{
      spin_entry_points<PvQspinlock<kBuilds[kPvBuilds[kIndex]].build>>()...};
}

}  // namespace locks

constinit const std::array<locks::EntryPoints, locks::kPvBuilds.size()> locks_pv_qspinlock_entry_points =
    locks::pv_qspinlock_entry_points(std::make_index_sequence<locks::kPvBuilds.size()>());
