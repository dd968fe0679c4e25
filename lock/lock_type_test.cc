#include "lock/lock_type.h"

#include <cstdint>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "lock/build.h"
#include "lock/per_cpu.h"
#include "lock/revision.h"

namespace locks {
namespace {

const Field* FindField(const LockType& type, FieldRole role) {
  for (const Field& field : type.per_cpu_fields) {
    if (field.role == role) return &field;
  }
  return nullptr;
}

TEST(LockTypeTest, EveryRevisionAndBuildIsThereOnce) {
  std::set<std::string> seen;
  for (const LockType& type : AllLockTypes()) {
    seen.insert(std::string(type.name) + "/" + std::string(type.revision) + "/" + std::string(type.build));
  }
  EXPECT_EQ(seen.size(), AllLockTypes().size());
  EXPECT_EQ(seen.size(), kRevisionCount * kBuildCount + 4u + 3u + 3u);  // the neighbours have fewer builds
  for (const char* revision :
       {"linux-6.15", "linux-6.17", "linux-6.18-stable", "linux-6.19", "linux-7.0", "linux-7.2"}) {
    for (const char* build : {"generic", "x86", "x86-full", "large"}) {
      EXPECT_NE(FindLockType("rqspinlock", revision, build), nullptr) << revision << " " << build;
    }
  }
}

TEST(LockTypeTest, NewestRevisionComesFirst) {
  EXPECT_EQ(AllLockTypes().front().revision, "linux-7.2");
  EXPECT_EQ(AllLockTypes().front().build, "generic");
  EXPECT_EQ(FindLockType("rqspinlock", "linux-6.15", "large") + 1,
            FindLockType("rqspinlock", "posted-wait-conversion", "generic"));
}

TEST(LockTypeTest, UnknownNamesAreNotFound) {
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "arm"), nullptr);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-5.0", "generic"), nullptr);
  EXPECT_EQ(FindLockType("qspin", "linux-7.2", "generic"), nullptr);
}

TEST(LockTypeTest, EntryPointsOfTwoRowsDiffer) {
  std::set<const EntryPoints*> seen;
  for (const LockType& type : AllLockTypes()) {
    seen.insert(type.entry_points);
    EXPECT_NE(type.entry_points->raw_acquire, nullptr);
    EXPECT_NE(type.entry_points->bpf_irqsave_release, nullptr);
  }
  EXPECT_EQ(seen.size(), AllLockTypes().size());
}

TEST(LockTypeTest, FieldsNameTheMembersOfPerCpuData) {
  PerCpu cpu = {};
  const auto* base = reinterpret_cast<const unsigned char*>(&cpu);
  const LockType& type = AllLockTypes().front();
  const auto address = [&](FieldRole role, unsigned index) -> const void* {
    const Field* field = FindField(type, role);
    return base + field->offset + index * field->stride;
  };
  EXPECT_EQ(address(FieldRole::kTableCount, 0), &cpu.held.cnt);
  EXPECT_EQ(address(FieldRole::kTableSlot, 0), &cpu.held.slots[0]);
  EXPECT_EQ(address(FieldRole::kTableSlot, 30), &cpu.held.slots[30]);
  EXPECT_EQ(address(FieldRole::kNodeNext, 3), &cpu.nodes[3].next);
  EXPECT_EQ(address(FieldRole::kNodeLocked, 2), &cpu.nodes[2].locked);
  EXPECT_EQ(address(FieldRole::kNodeCount, 0), &cpu.nodes[0].count);
  EXPECT_EQ(FindField(type, FieldRole::kTableSlot)->count, 31);
  EXPECT_EQ(FindField(type, FieldRole::kNodeNext)->count, 4);
  EXPECT_EQ(FindField(type, FieldRole::kNodeCount)->count, 1);
}

TEST(LockTypeTest, BoundsFollowTheBuild) {
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "generic")->bounded_spins_max, 2u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "x86")->bounded_spins_max, 9u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "x86")->spins_per_check, 16u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "x86-full")->bounded_spins_max, 513u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "x86-full")->spins_per_check, 65'536u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "large")->word.tail_cpu_mask, 0xffff'f800u);
  EXPECT_EQ(FindLockType("rqspinlock", "linux-7.2", "generic")->word.tail_cpu_mask, 0xfffc'0000u);
}

TEST(LockTypeTest, OnlyRevisionsThatSpinOnTrylockHaveALimitForIt) {
  for (const LockType& type : AllLockTypes()) {
    if (type.name != "rqspinlock") continue;
    const bool spins = type.revision == "linux-6.15" || type.revision == "linux-6.17" ||
                       type.revision == "linux-6.18-stable";
    EXPECT_EQ(type.contract->trylock_limit_ns, spins ? 250'000'000u : 0u) << type.revision;
    EXPECT_EQ(type.runs_programs_at_any_step, type.revision == "linux-6.15") << type.revision;
  }
}

}  // namespace
}  // namespace locks
