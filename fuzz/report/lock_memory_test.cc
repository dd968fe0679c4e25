#include "fuzz/report/lock_memory.h"

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

// After every record of an execution.
LockMemory MemoryAfter(const Execution& execution) {
  LockMemory memory(execution.lock_type());
  for (const TraceRecord& record : execution.traced.records) {
    memory.Apply(record, record.kind == TraceKind::kEvent ? &execution.traced.events[record.old_value] : nullptr);
  }
  return memory;
}

TEST(LockMemoryTest, IsWhatTheLockHasWritten) {
  const LockMemory memory = MemoryAfter(ExecutedBug("lone-head"));
  EXPECT_EQ(memory.WordText(0), "cpu2.0,0,0");
  EXPECT_EQ(memory.WordText(1), "0,0,1");
  EXPECT_EQ(memory.held_count(2), 2u);
  EXPECT_EQ(memory.HeldLocksOf(2), (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(memory.HeldLocksOf(0), std::vector<std::uint8_t>{});
}

TEST(LockMemoryTest, IsAtRestAfterWhatPasses) {
  const LockMemory memory = MemoryAfter(Executed("linux-7.2", "locks 1\n\ncpu 0\n  acquire A\n  release A\n"));
  EXPECT_EQ(memory.word(0), 0u);
  EXPECT_EQ(memory.held_count(0), 0u);
}

TEST(LockMemoryTest, PointersNameLocks) {
  EXPECT_EQ(LockOfPointer(kMemoryBase), 0);
  EXPECT_EQ(LockOfPointer(kMemoryBase + kLockStride), 1);
  EXPECT_EQ(LockOfPointer(0), kNoLock);
}

TEST(LockMemoryTest, OnlyAccessesToPerCpuDataHaveAField) {
  const Execution execution = ExecutedBug("aa-late");
  unsigned slots = 0;
  for (const TraceRecord& record : execution.traced.records) {
    const auto field = PerCpuFieldOf(execution.lock_type(), record);
    if (record.kind == TraceKind::kEvent || record.kind == TraceKind::kRelax) EXPECT_FALSE(field.has_value());
    if (!field.has_value() || field->role != locks::FieldRole::kTableSlot) continue;
    EXPECT_EQ(field->cpu, 0u);
    ++slots;
  }
  EXPECT_GE(slots, 4u);
}

}  // namespace
}  // namespace rqfuzz
