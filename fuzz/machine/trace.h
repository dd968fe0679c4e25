// A record of every step of an execution: hashed always, kept on request. Only made when somebody asks for it:
// the machine then looks at every point.
#ifndef FUZZ_MACHINE_TRACE_H_
#define FUZZ_MACHINE_TRACE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "fuzz/machine/event.h"

namespace rqfuzz {

enum class TraceKind : std::uint8_t { kLoad, kStore, kReadModifyWrite, kFence, kRelax, kClock, kService, kEvent };

struct TraceRecord {
  std::uint64_t step = 0;
  std::uint64_t time_ns = 0;
  std::uint64_t offset = 0;     // accesses: from the start of the machine's memory
  std::uint64_t old_value = 0;  // kClock: both are the reading; kEvent: index of the event in old_value
  std::uint64_t new_value = 0;
  TraceKind kind = TraceKind::kLoad;
  ContextKind context = ContextKind::kTask;
  std::uint8_t cpu = 0;
  std::uint8_t depth = 0;
  std::uint8_t bytes = 0;          // accesses
  std::uint8_t preempt_count = 0;  // of the CPU, as the next two
  bool interrupts_off = false;
  bool reschedule_due = false;
  const char* service = nullptr;  // kService: its name
  const void* code = nullptr;     // where the lock's code goes on after the step; no part of the hash. kEvent: null
};

class Trace {
 public:
  explicit Trace(bool keep) : keep_(keep) {}
  void Add(const TraceRecord& record);
  std::uint64_t hash() const { return hash_; }
  const std::vector<TraceRecord>& records() const { return records_; }
  std::vector<TraceRecord> TakeRecords() { return std::move(records_); }

 private:
  void Mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001b3; }

  bool keep_;
  std::uint64_t hash_ = 0xcbf29ce484222325;  // FNV-1a, a word at a time
  std::vector<TraceRecord> records_;
};

}  // namespace rqfuzz

#endif  // FUZZ_MACHINE_TRACE_H_
