// A user of the lock: a hash map of fixed size that throws out what was not used for longest, as the BPF LRU map
// does. A lock for each bucket, one for the list; an operation that cannot take a lock returns the lock's error.
//
// It has no counters that keep an operation from being nested in another one on the same CPU, no order among bucket
// locks, and no rule about interrupts: the lock finds every deadlock that comes of it. With a plain spinlock in its
// place the same calls hang.
#ifndef LOCK_USERS_HASH_MAP_H_
#define LOCK_USERS_HASH_MAP_H_

#include <cstdint>

#include "lock/lock_type.h"

namespace locks {

inline constexpr unsigned kMapBuckets = 4;
inline constexpr unsigned kMapLocks = kMapBuckets + 1;  // the list's is the last
inline constexpr unsigned kMapEntries = 6;
inline constexpr unsigned kMapLockStride = 64;

constexpr unsigned map_bucket(std::uint64_t key) { return static_cast<unsigned>(key % kMapBuckets); }

// What an operation did, and when: operations on a bucket are numbered in the order in which they took effect.
struct MapResult {
  int error = 0;                    // 0, -ENOENT, -ENOMEM (nothing could be thrown out), or the lock's
  std::uint64_t value = 0;          // lookup
  std::uint64_t order = 0;          // in the key's bucket; 0: it took no effect
  std::uint64_t evicted_key = 0;    // update: what was thrown out for it
  std::uint64_t evicted_order = 0;  // in the bucket of that key; 0: nothing was
};

struct MapEntry {
  std::uint64_t key;
  std::uint64_t value;
  std::uint32_t used;   // whether it is in a bucket, or about to be
  std::uint32_t next;   // in the bucket; one more than its index, 0: the end
  std::uint32_t newer;  // in the list, likewise
  std::uint32_t older;
};

// Purpose: a map from 64-bit keys to 64-bit values.
//
// Invariants:
//  1. A bucket's chain and operation count change only under the bucket's lock, the list only under the list's lock.
//  2. Every entry is in the list, used or not. `key` changes, and `used` becomes 1, only under the list's lock.
//  3. Locks nest so: bucket, then list, then the bucket of what is thrown out. An error there means "not thrown out".
//  4. Whatever error an operation returns, it has changed nothing.
//
// Called from any context. The memory is the caller's: the map and kMapLocks locks, kMapLockStride bytes apart.
struct HashMap {
  const EntryPoints* lock_functions;
  unsigned char* locks;
  std::uint32_t chain[kMapBuckets];
  std::uint64_t operations[kMapBuckets];
  std::uint32_t newest;
  std::uint32_t oldest;
  MapEntry entries[kMapEntries];
};

// The operations. `result` is zero at the start and is filled in while the locks are held.
struct HashMapFunctions {
  // Makes an empty map. Nobody uses it yet.
  void (*init)(HashMap* map, const EntryPoints* lock_functions, unsigned char* locks);
  void (*update)(HashMap* map, std::uint64_t key, std::uint64_t value, MapResult* result);
  void (*lookup)(HashMap* map, std::uint64_t key, MapResult* result);
  void (*remove)(HashMap* map, std::uint64_t key, MapResult* result);
};

}  // namespace locks

// The one symbol that hash_map.cc exports.
extern "C" const locks::HashMapFunctions locks_hash_map_functions;

#endif  // LOCK_USERS_HASH_MAP_H_
