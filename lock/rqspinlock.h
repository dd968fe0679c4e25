// The resilient queued spinlock: takes the lock or gives up with an error, and never spins for ever.
//
// Section and step numbers ("queue step 9") are those of the lock's description. The main path is
// res_spin_lock() -> resilient_queued_spin_lock_slowpath() -> wait_as_pending(), or queue() -> wait_in_queue()
// -> wait_as_head().
#ifndef LOCK_RQSPINLOCK_H_
#define LOCK_RQSPINLOCK_H_

#include <array>
#include <cstdint>

#include "lock/build.h"
#include "lock/lock_type.h"
#include "lock/lock_word.h"
#include "lock/per_cpu.h"
#include "lock/revision.h"
#include "lock/wait_state.h"

namespace locks {

// Purpose: the lock of one revision in one build. All zero when free.
//
// Invariants:
//  1. At most one caller owns the lock: acquires return 0 to nobody else until its release.
//  2. An acquire that returns an error leaves word, table and nodes as if it had not come, but for a queue that
//     it destroys: everybody behind it leaves too.
//  3. Preemption is disabled from before an acquire until after its release, and within a failed acquire.
//
// Called from any context, NMI included, of any CPU, strictly nested: the lock taken last is released first, by
// the twin of the function that took it. A lock that is ever taken in a softirq or hardirq is taken with
// interrupts off everywhere. Acquires return 0, -EDEADLK or -ETIMEDOUT.
template <Revision kRevision, Build kBuild>
class Rqspinlock {
 public:
  // Section 9. `flags` is written on failure too.
  [[nodiscard]] int raw_res_spin_lock();
  void raw_res_spin_unlock();
  [[nodiscard]] int raw_res_spin_lock_irqsave(unsigned long* flags);
  void raw_res_spin_unlock_irqrestore(unsigned long flags);

  // Section 12. A failure is reported to the program's log before interrupts and preemption are restored.
  [[nodiscard]] int bpf_res_spin_lock();
  void bpf_res_spin_unlock();
  [[nodiscard]] int bpf_res_spin_lock_irqsave(unsigned long* flags);
  void bpf_res_spin_unlock_irqrestore(unsigned long flags);

 private:
  using Word = LockWord<kBuild>;
  using Wait = WaitState<kRevision, kBuild>;
  static constexpr WordLayout kLayout = Word::kLayout;

  // Sections 5 and 8: acquire and release, with preemption disabled. `value`: the word that the fast path found.
  [[nodiscard]] int res_spin_lock();
  void res_spin_unlock();
  [[nodiscard]] int resilient_queued_spin_lock_slowpath(PerCpu& cpu, std::uint32_t value);
  // Slow path steps 6 to 8. `value`: the word before this CPU set pending.
  [[nodiscard]] int wait_as_pending(PerCpu& cpu, std::uint32_t value);

  // The queue. `tail` names `node`; `next` is its successor, or nullptr while none has been seen.
  [[nodiscard]] int queue(PerCpu& cpu);
  static bool may_queue(unsigned index);
  [[nodiscard]] int lock_without_node(PerCpu& cpu);
  [[nodiscard]] int wait_in_queue(PerCpu& cpu, unsigned index);
  [[nodiscard]] int wait_as_head(PerCpu& cpu, QueueNode& node, std::uint32_t tail, QueueNode* next);
  void leave_as_head(int error, QueueNode& node, std::uint32_t tail, QueueNode* next);
  void destroy_queue(QueueNode& node, std::uint32_t tail);

  // Section 7.
  [[nodiscard]] int resilient_tas_spin_lock(PerCpu& cpu);

  void report_violation(int error) const;

  Word word_;
};

// Indexed like kRevisions, then like kBuilds.
using RqspinlockEntryPoints = std::array<std::array<EntryPoints, kBuildCount>, kRevisionCount>;

}  // namespace locks

// The one symbol that rqspinlock.cc exports; every other symbol of its object may be made local.
extern "C" const locks::RqspinlockEntryPoints locks_rqspinlock_entry_points;

#endif  // LOCK_RQSPINLOCK_H_
