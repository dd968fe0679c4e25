#include "lock/lock_type.h"

#include <array>
#include <cstddef>

#include "lock/arena_spinlock.h"
#include "lock/build.h"
#include "lock/contract.h"
#include "lock/per_cpu.h"
#include "lock/pv_lock_table.h"
#include "lock/pv_qspinlock.h"
#include "lock/qspinlock.h"
#include "lock/queue_node.h"
#include "lock/revision.h"
#include "lock/rqspinlock.h"
#include "lock/switch_settings.h"
#include "lock/ticket_spinlock.h"
#include "lock/virt_spin_lock.h"

namespace locks {
namespace {

constexpr std::array kWordField = {Field{"word", FieldRole::kWord, 0, 4, 1, 4}};

// The fields of a CPU's queue nodes: one element for each nesting level, but `count`, which is used in node 0 alone.
// `offset`: of the first node; `stride`: from one node to the next.
constexpr Field node_next(std::size_t offset, std::size_t stride) {
  return {"node next", FieldRole::kNodeNext, static_cast<std::uint16_t>(offset + offsetof(QueueNode, next)),
          sizeof(QueueNode::next), kNodesPerCpu, static_cast<std::uint16_t>(stride)};
}
constexpr Field node_locked(std::size_t offset, std::size_t stride) {
  return {"node locked", FieldRole::kNodeLocked, static_cast<std::uint16_t>(offset + offsetof(QueueNode, locked)),
          sizeof(QueueNode::locked), kNodesPerCpu, static_cast<std::uint16_t>(stride)};
}
constexpr Field node_count(std::size_t offset, std::size_t stride) {
  return {"node count", FieldRole::kNodeCount, static_cast<std::uint16_t>(offset + offsetof(QueueNode, count)),
          sizeof(QueueNode::count), 1, static_cast<std::uint16_t>(stride)};
}

constexpr std::array kPerCpuFields = {
    Field{"table count", FieldRole::kTableCount, offsetof(PerCpu, held.cnt), sizeof(HeldLocks::cnt), 1,
          sizeof(HeldLocks::cnt)},
    Field{"table slot", FieldRole::kTableSlot, offsetof(PerCpu, held.slots), sizeof(void*), kHeldLocksMax,
          sizeof(void*)},
    node_next(offsetof(PerCpu, nodes), sizeof(QueueNode)),
    node_locked(offsetof(PerCpu, nodes), sizeof(QueueNode)),
    node_count(offsetof(PerCpu, nodes), sizeof(QueueNode)),
};

constexpr std::array kQueueNodesFields = {
    node_next(offsetof(QueueNodes, nodes), sizeof(QueueNode)),
    node_locked(offsetof(QueueNodes, nodes), sizeof(QueueNode)),
    node_count(offsetof(QueueNodes, nodes), sizeof(QueueNode)),
};

constexpr std::array kPvPerCpuFields = {
    node_next(offsetof(PvPerCpu, nodes[0].mcs), sizeof(PvNode)),
    node_locked(offsetof(PvPerCpu, nodes[0].mcs), sizeof(PvNode)),
    node_count(offsetof(PvPerCpu, nodes[0].mcs), sizeof(PvNode)),
    Field{"node cpu", FieldRole::kNodeState, offsetof(PvPerCpu, nodes[0].cpu), sizeof(PvNode::cpu), kNodesPerCpu,
          sizeof(PvNode)},
    Field{"node state", FieldRole::kNodeState, offsetof(PvPerCpu, nodes[0].state), sizeof(PvNode::state),
          kNodesPerCpu, sizeof(PvNode)},
};

constexpr std::array kPvSharedFields = {
    Field{"note lock", FieldRole::kNoteLock, offsetof(PvLockTable::Note, lock), sizeof(void*), PvLockTable::kNotes,
          sizeof(PvLockTable::Note)},
    Field{"note node", FieldRole::kNoteNode, offsetof(PvLockTable::Note, node), sizeof(void*), PvLockTable::kNotes,
          sizeof(PvLockTable::Note)},
};

constexpr auto kContracts = [] {
  std::array<Contract, kRevisionCount> contracts{};
  for (std::size_t i = 0; i < kRevisionCount; ++i) contracts[i] = rqspinlock_contract(kRevisions[i].revision);
  return contracts;
}();

constexpr auto kSwitchSettings = [] {
  std::array<SwitchSettings, kRevisionCount> settings{};
  for (std::size_t i = 0; i < kRevisionCount; ++i) settings[i] = switch_settings(kRevisions[i].revision);
  return settings;
}();

constexpr LockType rqspinlock_type(std::size_t revision, std::size_t build) {
  const BuildRow& row = kBuilds[build];
  return {
      .name = "rqspinlock",
      .revision = kRevisions[revision].name,
      .build = row.name,
      .entry_points = &locks_rqspinlock_entry_points[revision][build],
      .contract = &kContracts[revision],
      .word = word_layout(row.build.layout),
      .lock_fields = kWordField,
      .per_cpu_fields = kPerCpuFields,
      .shared_fields = {},
      .lock_bytes = sizeof(Rqspinlock<kRevisions[0].revision, kBuilds[0].build>),
      .spins_per_check = row.build.spins_per_check,
      .bounded_spins_max = row.build.pending_loops + 1,
      .has_test_and_set_path = true,
      .runs_programs_at_any_step = kRevisions[revision].revision.runs_programs_at_any_step,
      .switches = kSwitchSettings[revision],
  };
}

constexpr Contract kQspinlockContract = waiting_contract(/*fifo=*/true);
constexpr Contract kPvQspinlockContract = waiting_contract(/*fifo=*/false);
constexpr Contract kTestAndSetContract = waiting_contract(/*fifo=*/false);
constexpr Contract kTicketContract = waiting_contract(/*fifo=*/true);
constexpr Contract kArenaContract = arena_spinlock_contract();

constexpr LockType qspinlock_type(std::size_t build) {
  const BuildRow& row = kBuilds[build];
  return {
      .name = "qspinlock",
      .revision = "",
      .build = row.name,
      .entry_points = &locks_qspinlock_entry_points[build],
      .contract = &kQspinlockContract,
      .word = word_layout(row.build.layout),
      .lock_fields = kWordField,
      .per_cpu_fields = kQueueNodesFields,
      .shared_fields = {},
      .lock_bytes = sizeof(Qspinlock<kBuilds[0].build>),
      .spins_per_check = 1,
      .bounded_spins_max = row.build.pending_loops + 1,
      .has_test_and_set_path = false,
      .runs_programs_at_any_step = false,
      .switches = {},
  };
}

constexpr LockType pv_qspinlock_type(std::size_t index) {
  const BuildRow& row = kBuilds[kPvBuilds[index]];
  return {
      .name = "pv_qspinlock",
      .revision = "",
      .build = row.name,
      .entry_points = &locks_pv_qspinlock_entry_points[index],
      .contract = &kPvQspinlockContract,
      .word = word_layout(row.build.layout),
      .lock_fields = kWordField,
      .per_cpu_fields = kPvPerCpuFields,
      .shared_fields = kPvSharedFields,
      .lock_bytes = sizeof(PvQspinlock<kBuilds[0].build>),
      .spins_per_check = 1,
      .bounded_spins_max = row.build.spins_before_halt,
      .has_test_and_set_path = false,
      .runs_programs_at_any_step = false,
      .switches = {},
  };
}

constexpr LockType kVirtSpinLockType = {
    .name = "virt_spin_lock",
    .revision = "",
    .build = kBuilds[0].name,
    .entry_points = &locks_virt_spin_lock_entry_points,
    .contract = &kTestAndSetContract,
    .word = VirtSpinLock::kLayout,
    .lock_fields = kWordField,
    .per_cpu_fields = {},
    .shared_fields = {},
    .lock_bytes = sizeof(VirtSpinLock),
    .spins_per_check = 1,
    .bounded_spins_max = 0,
    .has_test_and_set_path = false,
    .runs_programs_at_any_step = false,
    .switches = {},
};

constexpr LockType kTicketSpinlockType = {
    .name = "ticket_spinlock",
    .revision = "",
    .build = kBuilds[0].name,
    .entry_points = &locks_ticket_spinlock_entry_points,
    .contract = &kTicketContract,
    .word = TicketSpinlock::kLayout,
    .lock_fields = kWordField,
    .per_cpu_fields = {},
    .shared_fields = {},
    .lock_bytes = sizeof(TicketSpinlock),
    .spins_per_check = 1,
    .bounded_spins_max = 0,
    .has_test_and_set_path = false,
    .runs_programs_at_any_step = false,
    .switches = {},
};

constexpr LockType kArenaSpinlockType = {
    .name = "arena_spinlock",
    .revision = "",
    .build = kBuilds[0].name,
    .entry_points = &locks_arena_spinlock_entry_points,
    .contract = &kArenaContract,
    .word = word_layout(Layout::kSmall),
    .lock_fields = kWordField,
    .per_cpu_fields = kQueueNodesFields,
    .shared_fields = {},
    .lock_bytes = sizeof(ArenaSpinlock),
    .spins_per_check = 1,
    .bounded_spins_max = kArenaSpinBudget,
    .has_test_and_set_path = false,
    .runs_programs_at_any_step = false,
    .switches = {},
};

constexpr auto kLockTypes = [] {
  constexpr std::size_t kRqspinlocks = kRevisionCount * kBuildCount;
  std::array<LockType, kRqspinlocks + kBuildCount + kPvBuilds.size() + 3> types{};
  std::size_t next = 0;
  for (; next < kRqspinlocks; ++next) {
    types[next] = rqspinlock_type(kRevisionCount - 1 - next / kBuildCount, next % kBuildCount);
  }
  for (std::size_t i = 0; i < kBuildCount; ++i) types[next++] = qspinlock_type(i);
  for (std::size_t i = 0; i < kPvBuilds.size(); ++i) types[next++] = pv_qspinlock_type(i);
  types[next++] = kVirtSpinLockType;
  types[next++] = kTicketSpinlockType;
  types[next++] = kArenaSpinlockType;
  return types;
}();

}  // namespace

std::span<const LockType> AllLockTypes() { return kLockTypes; }

const LockType* FindLockType(std::string_view name, std::string_view revision, std::string_view build) {
  for (const LockType& type : kLockTypes) {
    if (type.name == name && type.revision == revision && type.build == build) return &type;
  }
  return nullptr;
}

}  // namespace locks
