#include "lock/lock_type.h"

#include <array>
#include <cstddef>

#include "lock/build.h"
#include "lock/contract.h"
#include "lock/per_cpu.h"
#include "lock/revision.h"
#include "lock/rqspinlock.h"
#include "lock/switch_settings.h"

namespace locks {
namespace {

constexpr std::array kWordField = {Field{"word", FieldRole::kWord, 0, 4, 1, 4}};

// One element for each nesting level, but `count`, which is used in node 0 alone.
constexpr std::array kPerCpuFields = {
    Field{"table count", FieldRole::kTableCount, offsetof(PerCpu, held.cnt), sizeof(HeldLocks::cnt), 1,
          sizeof(HeldLocks::cnt)},
    Field{"table slot", FieldRole::kTableSlot, offsetof(PerCpu, held.slots), sizeof(void*), kHeldLocksMax,
          sizeof(void*)},
    Field{"node next", FieldRole::kNodeNext, offsetof(PerCpu, nodes[0].next), sizeof(QueueNode::next),
          kNodesPerCpu, sizeof(QueueNode)},
    Field{"node locked", FieldRole::kNodeLocked, offsetof(PerCpu, nodes[0].locked), sizeof(QueueNode::locked),
          kNodesPerCpu, sizeof(QueueNode)},
    Field{"node count", FieldRole::kNodeCount, offsetof(PerCpu, nodes[0].count), sizeof(QueueNode::count), 1,
          sizeof(QueueNode)},
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
      .lock_bytes = sizeof(Rqspinlock<kRevisions[0].revision, kBuilds[0].build>),
      .spins_per_check = row.build.spins_per_check,
      .bounded_spins_max = row.build.pending_loops + 1,
      .has_test_and_set_path = true,
      .runs_programs_at_any_step = kRevisions[revision].revision.runs_programs_at_any_step,
      .switches = kSwitchSettings[revision],
  };
}

constexpr auto kLockTypes = [] {
  std::array<LockType, kRevisionCount * kBuildCount> types{};
  for (std::size_t i = 0; i < types.size(); ++i) {
    types[i] = rqspinlock_type(kRevisionCount - 1 - i / kBuildCount, i % kBuildCount);
  }
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
