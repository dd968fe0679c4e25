// What the lock itself has written down: words and held-lock tables, rebuilt from the accesses of a trace. It may be
// wrong where the lock is wrong; who really holds what is in World.
#ifndef FUZZ_REPORT_LOCK_MEMORY_H_
#define FUZZ_REPORT_LOCK_MEMORY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/machine/event.h"
#include "fuzz/machine/memory.h"
#include "fuzz/machine/trace.h"
#include "lock/lock_type.h"

namespace rqfuzz {

// What of a CPU's data a record accesses.
struct PerCpuField {
  unsigned cpu = 0;
  unsigned index = 0;
  locks::FieldRole role = locks::FieldRole::kTableCount;
};
// Nothing if it is no access to a CPU's fields that the lock type names.
std::optional<PerCpuField> PerCpuFieldOf(const locks::LockType& type, const TraceRecord& record);

// The number of the lock that a pointer names, or kNoLock.
std::uint8_t LockOfPointer(std::uint64_t pointer);

class LockMemory {
 public:
  explicit LockMemory(const locks::LockType& type) : type_(&type) {}

  // Brings the state to after the record; `event`: of that record if it is one, else null.
  void Apply(const TraceRecord& record, const Event* event);

  std::uint32_t word(unsigned lock) const { return words_[lock]; }
  // "cpu2.0,1,1".
  std::string WordText(unsigned lock) const;
  unsigned held_count(unsigned cpu) const { return counts_[cpu]; }
  // The locks by slot, up to the count; kNoLock where a slot names none.
  std::vector<std::uint8_t> HeldLocksOf(unsigned cpu) const;

 private:
  static constexpr unsigned kSlotsMax = 64;

  const locks::LockType* type_;
  std::array<std::uint32_t, kMachineLocksMax> words_ = {};
  std::array<unsigned, kMachineCpusMax + 1> counts_ = {};
  std::array<std::array<std::uint64_t, kSlotsMax>, kMachineCpusMax + 1> slots_ = {};
};

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_LOCK_MEMORY_H_
