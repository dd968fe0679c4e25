// The binary form of a scenario: what the engines mutate. Every byte string is a scenario.
//
// Layout: 4 bytes FNV-1a hash of "name/revision/build", 1 byte CPUs and virtual-machine flag, 1 byte locks; then
// the program of each CPU, as records that a zero byte ends; then the faults, an interrupt followed by the program
// of its handler. Bytes that are missing read as zero.
#ifndef FUZZ_SCENARIO_BINARY_H_
#define FUZZ_SCENARIO_BINARY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// Replaces `scenario` by the valid scenario that `bytes` stand for. The empty string stands for two CPUs that each
// acquire and release lock A. A lock type that is not known becomes the first of locks::AllLockTypes(). Does not
// allocate (but for a table, in the first call).
void Decode(std::span<const std::uint8_t> bytes, Scenario& scenario);

// Decode(Encode(s)) == s. REQUIRES: `scenario` is valid and its lock type is a row of locks::AllLockTypes().
std::vector<std::uint8_t> Encode(const Scenario& scenario);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_BINARY_H_
