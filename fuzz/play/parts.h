// The parts of a scenario that can be taken away one by one, as the minimiser does.
#ifndef FUZZ_PLAY_PARTS_H_
#define FUZZ_PLAY_PARTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

enum class PartKind : std::uint8_t {
  kCpu,      // with its program
  kLock,     // with its acquires and releases
  kFault,    // an interrupt, a tracing program or a task with its program
  kSection,  // an acquire with its release; what stands between them stays
  kWork,     // or a stray release
};

struct Part {
  PartKind kind;
  std::uint8_t program = 0;  // kSection, kWork
  std::uint8_t index = 0;    // of the CPU, the lock, the fault, the acquire or the work
};

// Every part, in a fixed order in which what belongs together stands together.
std::vector<Part> PartsOf(const Scenario& scenario);

// The scenario without these parts and without what cannot stand without them (faults bound to an operation or a
// CPU that goes, handlers, what happens in them); CPUs, locks and handlers are numbered anew. Valid if `scenario`
// is. The last CPU and the last lock stay: if all of them are named, the scenario is returned as it is.
Scenario WithoutParts(const Scenario& scenario, std::span<const Part> parts);

// The scenario with every operation on lock `from` on lock `into` instead, and without lock `from`.
Scenario WithLockMerged(const Scenario& scenario, unsigned from, unsigned into);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_PARTS_H_
