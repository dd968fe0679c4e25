#include "lock/rqspinlock.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "lock/barrier.h"
#include "lock/deadlock.h"
#include "lock/queue_head.h"
#include "lock/services.h"

namespace locks {

// ---- Acquire and release (sections 5 and 8) ----

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::res_spin_lock() {
  PerCpu& cpu = this_cpu();
  if constexpr (kRevision.entry_grab == EntryGrab::kBeforeCas) {
    cpu.held.grab_held_lock_entry(this);  // Fast path step 1.
  }
  std::uint32_t value = 0;
  if (!word_.try_cmpxchg_acquire(value, kLockedValue)) [[unlikely]] {  // Fast path step 2.
    return resilient_queued_spin_lock_slowpath(cpu, value);
  }
  if constexpr (kRevision.entry_grab == EntryGrab::kAfterTaking) cpu.held.grab_held_lock_entry(this);
  return 0;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::res_spin_unlock() {
  HeldLocks& held = this_cpu().held;
  if constexpr (kRevision.unlock_order == UnlockOrder::kStoreFirst) {
    word_.unlock();  // Release step 1.
    barrier();
    held.clear_top_slot();  // Release step 2.
  } else {
    held.clear_top_slot();
    word_.unlock();
  }
  barrier();
  held.drop_top();  // Release step 3.
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::resilient_queued_spin_lock_slowpath(PerCpu& cpu, std::uint32_t value) {
  if (kernel::resilient_virt_spin_lock_enabled()) return resilient_tas_spin_lock(cpu);  // Slow path step 1.

  return word_.try_become_pending(value) ? wait_as_pending(cpu, value) : queue(cpu);  // Slow path steps 3 to 5.
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::wait_as_pending(PerCpu& cpu, std::uint32_t value) {
  if constexpr (kRevision.entry_grab == EntryGrab::kAfterTaking) cpu.held.grab_held_lock_entry(this);
  if (kLayout.Locked(value)) {  // Slow path step 6.
    Wait wait(cpu.held, word_, kLayout.locked_mask, kDefaultTimeout_ns);
    while (word_.load_locked_acquire() != 0) {
      if (const int error = wait.check(); error != 0) {  // Slow path step 7.
        if (kRevision.told_to_leave == ToldToLeave::kLooksAgain && word_.load_locked_acquire() == 0) {
          word_.clear_pending_set_locked();
        } else {
          word_.clear_pending();
        }
        cpu.held.release_held_lock_entry();
        return error;
      }
      kernel::cpu_relax();
    }
  }
  word_.clear_pending_set_locked();  // Slow path step 8.
  return 0;
}

// ---- Queue (section 5) ----

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::queue(PerCpu& cpu) {
  if constexpr (kRevision.entry_grab == EntryGrab::kAfterTaking) cpu.held.grab_held_lock_entry(this);
  if constexpr (kRevision.aa_check_before_queueing) {
    if (check_deadlock_AA(cpu.held, this)) {  // Queue step 1.
      cpu.held.release_held_lock_entry();
      return -EDEADLK;
    }
  }
  // Queue step 2. An NMI between load and store gets the same index and has finished before it is used here.
  const auto index = static_cast<unsigned>(cpu.nodes[0].count++);
  kernel::trace_contention_begin(this);
  const int error = may_queue(index) ? wait_in_queue(cpu, index) : lock_without_node(cpu);
  kernel::trace_contention_end(this, error);  // Queue steps 12 and 13.
  cpu.nodes[0].count--;
  if (error != 0) cpu.held.release_held_lock_entry();
  return error;
}

// Queue step 3: whether an acquire that got `index` may use that queue node.
template <Revision kRevision, Build kBuild>
bool Rqspinlock<kRevision, kBuild>::may_queue(unsigned index) {
  if (index >= kNodesPerCpu) return false;
  switch (kRevision.nmi_queueing) {
    case NmiQueueing::kAlways: return true;
    case NmiQueueing::kNever: return !kernel::in_nmi();
    case NmiQueueing::kFirstNode: return index == 0 || !kernel::in_nmi();
  }
}

// Queue step 3: the interrupted waiter may be the very one on whom progress depends.
template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::lock_without_node(PerCpu& cpu) {
  if constexpr (kRevision.trylock_fallback == TrylockFallback::kOnce) {
    return word_.trylock() ? 0 : -EDEADLK;
  } else {
    Wait wait(cpu.held, word_, ~0u, kDefaultTimeout_ns);
    while (!word_.trylock()) {
      if (const int error = wait.check(); error != 0) return error;
      kernel::cpu_relax();
    }
    return 0;
  }
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::wait_in_queue(PerCpu& cpu, unsigned index) {
  QueueNode& node = cpu.nodes[index];
  barrier();  // Queue step 4: an interrupt that nests here must not be given this node.
  node.init();
  if (word_.trylock()) return 0;  // Queue step 5.

  const std::uint32_t tail = Word::encode_tail(kernel::smp_processor_id(), index);
  write_barrier();  // Queue step 6.
  const std::uint32_t old_tail = word_.xchg_tail(tail);
  if (old_tail == 0) return wait_as_head(cpu, node, tail, nullptr);

  per_cpu(kLayout.TailCpu(old_tail)).nodes[kLayout.TailIndex(old_tail)].link(node);  // Queue step 7.
  if (node.wait_for_hand_over() == kQueueDestroyed) {
    destroy_queue(node, tail);
    return kRevision.destroyed_error;
  }
  return wait_as_head(cpu, node, tail, node.load_next());
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::wait_as_head(PerCpu& cpu, QueueNode& node, std::uint32_t tail,
                                                QueueNode* next) {
  constexpr std::uint32_t kMask = kLayout.locked_mask | kLayout.pending_mask;
  constexpr bool kLooksBehind = kRevision.claim_failure == ClaimFailure::kLooksBehind;
  Wait wait(cpu.held, word_, kMask, kHeadTimeout_ns);  // Queue step 8.
  std::uint32_t value;
  while (((value = word_.load_acquire()) & kMask) != 0) {
    if (const int error = wait.check(); error != 0) {
      if constexpr (kRevision.told_to_leave == ToldToLeave::kLooksAgain) {
        if (((value = word_.load_acquire()) & kMask) == 0) {
          claim_as_head<kLooksBehind>(word_, value, node, tail, next);
          return error;
        }
      }
      leave_as_head(error, node, tail, next);
      return error;
    }
    kernel::cpu_relax();
  }
  claim_as_head<kLooksBehind>(word_, value, node, tail, next);  // Queue step 11.
  return 0;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::leave_as_head(int error, QueueNode& node, std::uint32_t tail,
                                                  QueueNode* next) {
  if (error == -ETIMEDOUT || kRevision.head_deadlock == HeadDeadlock::kDestroys) {
    destroy_queue(node, tail);
    return;
  }
  if (next == nullptr) {  // Queue step 9.
    if constexpr (kRevision.head_deadlock == HeadDeadlock::kSwapsTail) {
      if (word_.try_clear_tail(tail)) return;
    }
    next = &node.wait_for_next();
  }
  next->hand_over();
}

// Queue step 10: whoever is behind leaves too, and tells the one behind it.
template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::destroy_queue(QueueNode& node, std::uint32_t tail) {
  if (!word_.try_clear_tail(tail)) node.wait_for_next().mark_destroyed();
}

// ---- Test-and-set path (section 7) ----

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::resilient_tas_spin_lock(PerCpu& cpu) {
  if constexpr (kRevision.test_and_set_grabs_entry) cpu.held.grab_held_lock_entry(this);
  Wait wait(cpu.held, word_, ~0u, kTestAndSetTimeout_ns);
  while (word_.load_relaxed() != 0 || !word_.try_cmpxchg_fully_ordered(0, kLockedValue)) {
    if (const int error = wait.check(); error != 0) {
      cpu.held.release_held_lock_entry();
      return error;
    }
    kernel::cpu_relax();
  }
  return 0;
}

// ---- Wrappers (section 9) ----

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::raw_res_spin_lock() {
  kernel::preempt_disable();
  const int error = res_spin_lock();
  if (error != 0) kernel::preempt_enable();
  return error;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::raw_res_spin_unlock() {
  res_spin_unlock();
  kernel::preempt_enable();
}

// Undoes the masks of a raw `_irqsave` acquire.
template <Revision kRevision>
void restore_context(unsigned long flags) {
  if constexpr (kRevision.restore_order == RestoreOrder::kInterruptsFirst) {
    kernel::local_irq_restore(flags);  // First, so that enabling preemption may schedule.
    kernel::preempt_enable();
  } else {
    kernel::preempt_enable();
    kernel::local_irq_restore(flags);
  }
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::raw_res_spin_lock_irqsave(unsigned long* flags) {
  *flags = kernel::local_irq_save();
  kernel::preempt_disable();
  const int error = res_spin_lock();
  if (error != 0) restore_context<kRevision>(*flags);
  return error;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::raw_res_spin_unlock_irqrestore(unsigned long flags) {
  res_spin_unlock();
  restore_context<kRevision>(flags);
}

// ---- Entry points for BPF programs (section 12) ----

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::report_violation(int error) const {
  const HeldLocks& held = this_cpu().held;
  kernel::report_violation({.error = error, .lock = this, .held_count = held.load_cnt(), .held = held.slots});
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::bpf_res_spin_lock() {
  kernel::preempt_disable();
  const int error = res_spin_lock();
  if (error != 0) {
    report_violation(error);
    kernel::preempt_enable();
  }
  return error;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::bpf_res_spin_unlock() {
  res_spin_unlock();
  kernel::preempt_enable();
}

template <Revision kRevision, Build kBuild>
int Rqspinlock<kRevision, kBuild>::bpf_res_spin_lock_irqsave(unsigned long* flags) {
  kernel::preempt_disable();
  *flags = kernel::local_irq_save();
  const int error = res_spin_lock();
  if (error != 0) {
    report_violation(error);
    kernel::local_irq_restore(*flags);
    kernel::preempt_enable();
  }
  return error;
}

template <Revision kRevision, Build kBuild>
void Rqspinlock<kRevision, kBuild>::bpf_res_spin_unlock_irqrestore(unsigned long flags) {
  res_spin_unlock();
  kernel::local_irq_restore(flags);
  kernel::preempt_enable();
}

// ---- The table of entry points ----

template <Revision kRevision, Build kBuild>
constexpr EntryPoints entry_points() {
  using Lock = Rqspinlock<kRevision, kBuild>;
  return {
      .raw_acquire = [](void* lock) { return static_cast<Lock*>(lock)->raw_res_spin_lock(); },
      .raw_release = [](void* lock) { static_cast<Lock*>(lock)->raw_res_spin_unlock(); },
      .irqsave_acquire =
          [](void* lock, unsigned long* flags) {
            return static_cast<Lock*>(lock)->raw_res_spin_lock_irqsave(flags);
          },
      .irqsave_release =
          [](void* lock, unsigned long flags) {
            static_cast<Lock*>(lock)->raw_res_spin_unlock_irqrestore(flags);
          },
      .bpf_acquire = [](void* lock) { return static_cast<Lock*>(lock)->bpf_res_spin_lock(); },
      .bpf_release = [](void* lock) { static_cast<Lock*>(lock)->bpf_res_spin_unlock(); },
      .bpf_irqsave_acquire =
          [](void* lock, unsigned long* flags) {
            return static_cast<Lock*>(lock)->bpf_res_spin_lock_irqsave(flags);
          },
      .bpf_irqsave_release =
          [](void* lock, unsigned long flags) {
            static_cast<Lock*>(lock)->bpf_res_spin_unlock_irqrestore(flags);
          },
  };
}

template <std::size_t kRevisionIndex, std::size_t... kBuildIndex>
constexpr auto entry_points_of_builds(std::index_sequence<kBuildIndex...>) {
  return std::array<EntryPoints, kBuildCount>{
      entry_points<kRevisions[kRevisionIndex].revision, kBuilds[kBuildIndex].build>()...};
}

template <std::size_t... kRevisionIndex>
constexpr auto entry_points_of_revisions(std::index_sequence<kRevisionIndex...>) {
  return RqspinlockEntryPoints{
      entry_points_of_builds<kRevisionIndex>(std::make_index_sequence<kBuildCount>())...};
}

}  // namespace locks

constinit const locks::RqspinlockEntryPoints locks_rqspinlock_entry_points =
    locks::entry_points_of_revisions(std::make_index_sequence<locks::kRevisionCount>());
