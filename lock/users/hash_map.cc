#include "lock/users/hash_map.h"

#include <cerrno>

namespace locks {
namespace {

constexpr unsigned kListLock = kMapBuckets;
constexpr std::uint32_t kNone = 0;

int acquire(HashMap& map, unsigned lock, unsigned long& flags) {
  return map.lock_functions->irqsave_acquire(map.locks + lock * kMapLockStride, &flags);
}

void release(HashMap& map, unsigned lock, unsigned long flags) {
  map.lock_functions->irqsave_release(map.locks + lock * kMapLockStride, flags);
}

// ---- A bucket. REQUIRES: its lock.

// The link that names the entry of `key`, or the one at the end of the chain.
std::uint32_t* find(HashMap& map, unsigned bucket, std::uint64_t key) {
  std::uint32_t* link = &map.chain[bucket];
  while (*link != kNone && map.entries[*link - 1].key != key) link = &map.entries[*link - 1].next;
  return link;
}

void unlink_from_bucket(HashMap& map, std::uint32_t* link) { *link = map.entries[*link - 1].next; }

// ---- The list. REQUIRES: its lock.

void take_from_list(HashMap& map, std::uint32_t id) {
  const MapEntry& entry = map.entries[id - 1];
  (entry.newer == kNone ? map.newest : map.entries[entry.newer - 1].older) = entry.older;
  (entry.older == kNone ? map.oldest : map.entries[entry.older - 1].newer) = entry.newer;
}

void put_newest(HashMap& map, std::uint32_t id) {
  map.entries[id - 1].newer = kNone;
  map.entries[id - 1].older = map.newest;
  (map.newest == kNone ? map.oldest : map.entries[map.newest - 1].newer) = id;
  map.newest = id;
}

void put_oldest(HashMap& map, std::uint32_t id) {
  map.entries[id - 1].older = kNone;
  map.entries[id - 1].newer = map.oldest;
  (map.oldest == kNone ? map.newest : map.entries[map.oldest - 1].older) = id;
  map.oldest = id;
}

// Where the entry stands in the list is advice: if the list cannot be had, it stays where it is.
void move_in_list(HashMap& map, std::uint32_t id, void (*put)(HashMap&, std::uint32_t)) {
  unsigned long flags;
  if (acquire(map, kListLock, flags) != 0) return;
  take_from_list(map, id);
  put(map, id);
  release(map, kListLock, flags);
}

// Throws entry `id` out of its bucket, whose lock the caller may hold: `held`. False: it is still there.
// REQUIRES: the list's lock.
bool evict(HashMap& map, std::uint32_t id, unsigned held, MapResult& result) {
  const std::uint64_t key = map.entries[id - 1].key;
  const unsigned bucket = map_bucket(key);
  unsigned long flags = 0;
  if (bucket != held && acquire(map, bucket, flags) != 0) return false;
  std::uint32_t* const link = find(map, bucket, key);
  // Somebody may have removed it since `used` was read.
  if (*link == id) {
    unlink_from_bucket(map, link);
    result.evicted_key = key;
    result.evicted_order = ++map.operations[bucket];
  }
  if (bucket != held) release(map, bucket, flags);
  return true;
}

// Finds an entry for `key`, whose bucket the caller holds. On success `id` is in no bucket.
int take_entry(HashMap& map, std::uint64_t key, std::uint32_t& id, MapResult& result) {
  unsigned long flags;
  if (const int error = acquire(map, kListLock, flags); error != 0) return error;
  int error = -ENOMEM;
  for (id = map.oldest; id != kNone; id = map.entries[id - 1].newer) {
    MapEntry& entry = map.entries[id - 1];
    if (__atomic_load_n(&entry.used, __ATOMIC_ACQUIRE) != 0 && !evict(map, id, map_bucket(key), result)) continue;
    entry.key = key;
    __atomic_store_n(&entry.used, 1, __ATOMIC_RELAXED);
    take_from_list(map, id);
    put_newest(map, id);
    error = 0;
    break;
  }
  release(map, kListLock, flags);
  return error;
}

// ---- The operations

void init(HashMap* map, const EntryPoints* lock_functions, unsigned char* locks) {
  map->lock_functions = lock_functions;
  map->locks = locks;
  map->newest = map->oldest = kNone;
  for (unsigned bucket = 0; bucket < kMapBuckets; ++bucket) {
    map->chain[bucket] = kNone;
    map->operations[bucket] = 0;
  }
  for (std::uint32_t id = 1; id <= kMapEntries; ++id) {
    map->entries[id - 1].used = 0;
    put_newest(*map, id);
  }
}

void update(HashMap* map, std::uint64_t key, std::uint64_t value, MapResult* result) {
  const unsigned bucket = map_bucket(key);
  unsigned long flags;
  if ((result->error = acquire(*map, bucket, flags)) != 0) return;
  std::uint32_t id = *find(*map, bucket, key);
  const bool is_new = id == kNone;
  if (is_new) result->error = take_entry(*map, key, id, *result);
  if (result->error == 0) {
    MapEntry& entry = map->entries[id - 1];
    entry.value = value;
    if (is_new) {
      entry.next = map->chain[bucket];
      map->chain[bucket] = id;
    }
    result->order = ++map->operations[bucket];
    if (!is_new) move_in_list(*map, id, put_newest);
  }
  release(*map, bucket, flags);
}

void lookup(HashMap* map, std::uint64_t key, MapResult* result) {
  const unsigned bucket = map_bucket(key);
  unsigned long flags;
  if ((result->error = acquire(*map, bucket, flags)) != 0) return;
  const std::uint32_t id = *find(*map, bucket, key);
  if (id == kNone) {
    result->error = -ENOENT;
  } else {
    result->value = map->entries[id - 1].value;
  }
  result->order = ++map->operations[bucket];
  if (id != kNone) move_in_list(*map, id, put_newest);
  release(*map, bucket, flags);
}

void remove(HashMap* map, std::uint64_t key, MapResult* result) {
  const unsigned bucket = map_bucket(key);
  unsigned long flags;
  if ((result->error = acquire(*map, bucket, flags)) != 0) return;
  std::uint32_t* const link = find(*map, bucket, key);
  const std::uint32_t id = *link;
  if (id == kNone) {
    result->error = -ENOENT;
  } else {
    unlink_from_bucket(*map, link);
  }
  result->order = ++map->operations[bucket];
  if (id != kNone) {
    move_in_list(*map, id, put_oldest);
    // Last: from here on somebody else may use it.
    __atomic_store_n(&map->entries[id - 1].used, 0, __ATOMIC_RELEASE);
  }
  release(*map, bucket, flags);
}

}  // namespace
}  // namespace locks

constinit const locks::HashMapFunctions locks_hash_map_functions = {locks::init, locks::update, locks::lookup,
                                                                    locks::remove};
