// A caller of the lock: makes the calls that a scenario's operations name, right or wrong, and tells the machine's
// events what it asked for and what it was given.
#ifndef FUZZ_PLAY_CALLER_H_
#define FUZZ_PLAY_CALLER_H_

#include <array>
#include <cstdint>

#include "fuzz/check.h"
#include "fuzz/machine/machine.h"
#include "fuzz/scenario/scenario.h"
#include "lock/lock_type.h"

namespace rqfuzz {

// Called by the player, on the fiber of the CPU whose program runs.
class Caller {
 public:
  // An acquire that has not been released. No initial values: each program that runs has an array of them.
  struct Open {
    std::uint8_t lock;
    EntryPoint entry_point;
    unsigned long flags;
  };
  // An operation per open acquire at most, for each context.
  struct OpenStack {
    std::array<Open, kOperationsMax / 2 + 1> entries;
    unsigned count = 0;
  };

  // Before an execution.
  void Load(const locks::LockType& type) { entry_points_ = type.entry_points; }
  // Whether the section is entered; then `open` says how to leave it.
  bool Acquire(const Operation& operation, Open& open);
  // The end of a section: it is the innermost one that is open, unless the release is out of order.
  void Close(const Operation& release, OpenStack& open);
  void StrayRelease(const Operation& operation);

 private:
  void Release(const Open& open);
  void EmitMisuse(Misuse misuse, unsigned lock);

  const locks::EntryPoints* entry_points_ = nullptr;
};

// A release that is out of order is one of two locks that were taken; if the outer one was not, nothing is exchanged.
[[gnu::always_inline]] inline void Caller::Close(const Operation& release, OpenStack& open) {
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

[[gnu::always_inline]] inline bool Caller::Acquire(const Operation& operation, Open& open) {
  Machine& machine = TheMachine();
  void* const lock = reinterpret_cast<void*>(LockAddress(operation.lock));
  const auto entry_point = static_cast<std::uint8_t>(operation.entry_point);
  open.lock = operation.lock;
  open.entry_point = operation.entry_point;
  for (unsigned attempt = 0; attempt <= operation.retries; ++attempt) {
    machine.StartAcquire();
    machine.Emit(EventKind::kAcquireBegin, {.lock = operation.lock,
                                            .entry_point = entry_point,
                                            .queue_nodes = static_cast<std::uint8_t>(machine.QueueNodesInUse())});
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

[[gnu::always_inline]] inline void Caller::Release(const Open& open) {
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

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_CALLER_H_
