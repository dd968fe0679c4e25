// A caller of the lock: makes the calls that a scenario's operations name, right or wrong, and tells the machine's
// events what it asked for and what it was given.
#ifndef FUZZ_PLAY_CALLER_H_
#define FUZZ_PLAY_CALLER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "fuzz/machine/event.h"
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
  void Load(const locks::LockType& type);
  // Whether the section is entered; then `open` says how to leave it.
  bool Acquire(const Operation& operation, Open& open);
  // The end of a section: it is the innermost one that is open, unless the release is out of order.
  void Close(const Operation& release, OpenStack& open);
  void StrayRelease(const Operation& operation);

 private:
  void Release(const Open& open);
  void EmitMisuse(Misuse misuse, unsigned lock);
  unsigned QueueNodesInUse(unsigned cpu) const;

  static constexpr std::size_t kNoOffset = SIZE_MAX;
  const locks::EntryPoints* entry_points_ = nullptr;
  std::size_t node_count_offset_ = kNoOffset;  // of the field that counts queue nodes, in a CPU's data
};

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_CALLER_H_
