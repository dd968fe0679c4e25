// Names for places in the machine's memory (design decision 4): never an address.
#ifndef FUZZ_PLAY_LOCATION_H_
#define FUZZ_PLAY_LOCATION_H_

#include <cstdint>
#include <string>

#include "lock/lock_type.h"

namespace rqfuzz {

// "lock A", "lock A locked byte", "cpu 1 table slot 0", "cpu 0 node 2 next", "note 3 lock", "own stack".
// `offset`: from the start of the machine's memory; `bytes`: of the access.
std::string LocationName(const locks::LockType& type, std::uint64_t offset, unsigned bytes);

// A value for people: a pointer into the machine's memory by name ("lock B", "cpu 1 node 0"), a lock word as
// "tail,pending,locked" with the tail as "cpu.index", or its two tickets; anything else as a number.
std::string ValueName(const locks::LockType& type, std::uint64_t offset, unsigned bytes, std::uint64_t value);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_LOCATION_H_
