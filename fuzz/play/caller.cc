#include "fuzz/play/caller.h"

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"

namespace rqfuzz {

void Caller::Load(const locks::LockType& type) {
  entry_points_ = type.entry_points;
  node_count_offset_ = kNoOffset;
  for (const locks::Field& field : type.per_cpu_fields) {
    if (field.role == locks::FieldRole::kNodeCount && node_count_offset_ == kNoOffset)
      node_count_offset_ = field.offset;
  }
}

// A release that is out of order is one of two locks that were taken; if the outer one was not, nothing is exchanged.
void Caller::Close(const Operation& release, OpenStack& open) {
  RQFUZZ_CHECK(open.count > 0);
  const bool exchanged = release.out_of_order && open.count > 1;
  const unsigned index = open.count - (exchanged ? 2 : 1);
  const Open closed = open.entries[index];
  if (exchanged) {
    open.entries[index] = open.entries[index + 1];
    EmitMisuse(Misuse::kOutOfOrder, closed.lock);
  }
  --open.count;
  if (!release.keeps) Release(closed);
}

void Caller::EmitMisuse(Misuse misuse, unsigned lock) {
  TheMachine().Emit(EventKind::kMisuse, {.lock = static_cast<std::uint8_t>(lock), .misuse = misuse});
  TheMachine().ExpectStrayWrites();
}

unsigned Caller::QueueNodesInUse(unsigned cpu) const {
  if (node_count_offset_ == kNoOffset) return 0;
  return *reinterpret_cast<const unsigned*>(PerCpuAddress(cpu) + node_count_offset_);
}

bool Caller::Acquire(const Operation& operation, Open& open) {
  Machine& machine = TheMachine();
  void* const lock = reinterpret_cast<void*>(LockAddress(operation.lock));
  const auto entry_point = static_cast<std::uint8_t>(operation.entry_point);
  open.lock = operation.lock;
  open.entry_point = operation.entry_point;
  for (unsigned attempt = 0; attempt <= operation.retries; ++attempt) {
    machine.StartAcquire();
    machine.Emit(EventKind::kAcquireBegin, {.lock = operation.lock,
                                            .entry_point = entry_point,
                                            .queue_nodes = static_cast<std::uint8_t>(QueueNodesInUse(hot.cpu))});
    int result = 0;
    switch (operation.entry_point) {
      case EntryPoint::kRaw:
        result = entry_points_->raw_acquire(lock);
        break;
      case EntryPoint::kIrqsave:
        result = entry_points_->irqsave_acquire(lock, &open.flags);
        break;
      case EntryPoint::kBpf:
        result = entry_points_->bpf_acquire(lock);
        break;
      case EntryPoint::kBpfIrqsave:
        result = entry_points_->bpf_irqsave_acquire(lock, &open.flags);
        break;
    }
    machine.Emit(EventKind::kAcquireEnd, {.clock_read_ns = machine.CurrentWait().last_read_ns,
                                          .lock = operation.lock,
                                          .entry_point = entry_point,
                                          .result = static_cast<std::int16_t>(result)});
    if (result == 0) return true;
  }
  if (operation.unchecked) EmitMisuse(Misuse::kIgnoredError, operation.lock);
  return operation.unchecked;
}

void Caller::Release(const Open& open) {
  Machine& machine = TheMachine();
  void* const lock = reinterpret_cast<void*>(LockAddress(open.lock));
  const EventDetails details = {.lock = open.lock, .entry_point = static_cast<std::uint8_t>(open.entry_point)};
  machine.Emit(EventKind::kReleaseBegin, details);
  switch (open.entry_point) {
    case EntryPoint::kRaw:
      entry_points_->raw_release(lock);
      break;
    case EntryPoint::kIrqsave:
      entry_points_->irqsave_release(lock, open.flags);
      break;
    case EntryPoint::kBpf:
      entry_points_->bpf_release(lock);
      break;
    case EntryPoint::kBpfIrqsave:
      entry_points_->bpf_irqsave_release(lock, open.flags);
      break;
  }
  machine.Emit(EventKind::kReleaseEnd, details);
}

void Caller::StrayRelease(const Operation& operation) {
  EmitMisuse(Misuse::kStrayRelease, operation.lock);
  Release({.lock = operation.lock, .entry_point = operation.entry_point, .flags = 0});
}

}  // namespace rqfuzz
