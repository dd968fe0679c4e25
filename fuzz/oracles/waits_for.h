// The waits-for graph (design decision 7). Its nodes are acquires; an acquire waits for
//   - the holder of its lock, a pending waiter for that lock, or the head of its queue, if it waits at the head of
//     the queue or without a queue;
//   - whoever is still in the release of its lock, which owes a kick to a paravirtual waiter that has halted;
//   - the waiter ahead of it, if it is queued behind one;
//   - the waiter behind it, if it has taken the lock and must hand the queue over to one that has not linked itself;
// and whoever is not the top context of its CPU waits for the context on top of it.
#ifndef FUZZ_ORACLES_WAITS_FOR_H_
#define FUZZ_ORACLES_WAITS_FOR_H_

#include <string>

#include "absl/container/inlined_vector.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {

struct WaitsForStep {
  int waiter = kNobody;
  // The acquire that it waits for. If that one's context is interrupted, or it owns its lock and its CPU waits in
  // another acquire, `runs` is what its CPU is doing instead: the next waiter on the path.
  int on = kNobody;
  int runs = kNobody;
};

// Followed at each timeout: paths of ordinary length allocate nothing.
using WaitsForPath = absl::InlinedVector<WaitsForStep, 16>;

// Follows the edges from `acquire` until they come back to a waiter that was passed (then the path ends with the
// step that closes the cycle and `*cycle_begin` is the index of the waiter it returns to), or until somebody is
// reached who waits for nobody (then `*cycle_begin` is the length of the path).
WaitsForPath FollowWaits(const World& world, int acquire, std::size_t* cycle_begin);

// Whether the acquire is itself on a cycle.
bool InCycle(const World& world, int acquire);

// What the path says, in words: "CPU 0 (task) waits for lock B, held by CPU 1 (task); ...".
std::string DescribeWaits(const World& world, const WaitsForPath& path);

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_WAITS_FOR_H_
