// What a hash map should have done, replayed from what its operations say that they did.
#ifndef LOCK_USERS_MAP_MODEL_H_
#define LOCK_USERS_MAP_MODEL_H_

#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lock/users/hash_map.h"

namespace locks {

enum class MapOperation : std::uint8_t { kUpdate, kLookup, kRemove };

struct MapRecord {
  MapOperation operation = MapOperation::kLookup;
  std::uint64_t key = 0;
  std::uint64_t value = 0;  // update
  MapResult result;
};

inline void RunMapOperation(HashMap& map, MapRecord& record) {
  switch (record.operation) {
    case MapOperation::kUpdate:
      locks_hash_map_functions.update(&map, record.key, record.value, &record.result);
      break;
    case MapOperation::kLookup:
      locks_hash_map_functions.lookup(&map, record.key, &record.result);
      break;
    case MapOperation::kRemove:
      locks_hash_map_functions.remove(&map, record.key, &record.result);
      break;
  }
}

// The first thing in which map and records disagree, in words; empty: none. `stuck`: buckets in which an operation
// has stopped for ever, lock in hand: what is behind that lock may be half-done.
inline std::string CompareWithModel(const HashMap& map, const std::vector<MapRecord>& records,
                                    const std::array<bool, kMapBuckets>& stuck = {}) {
  struct Step {
    const MapRecord* record;
    bool evicts;  // it is what the record threw out
  };
  std::array<std::map<std::uint64_t, Step>, kMapBuckets> steps;
  std::array<std::map<std::uint64_t, std::uint64_t>, kMapBuckets> model;
  for (const MapRecord& record : records) {
    const MapResult& result = record.result;
    if (result.order != 0 && !steps[map_bucket(record.key)].emplace(result.order, Step{&record, false}).second) {
      return "two operations have number " + std::to_string(result.order);
    }
    if (result.evicted_order != 0 &&
        !steps[map_bucket(result.evicted_key)].emplace(result.evicted_order, Step{&record, true}).second) {
      return "two operations have number " + std::to_string(result.evicted_order);
    }
  }
  for (unsigned bucket = 0; bucket < kMapBuckets; ++bucket) {
    auto& content = model[bucket];
    std::uint64_t number = 0;
    for (const auto& [order, step] : steps[bucket]) {
      const MapRecord& record = *step.record;
      const std::string what = "bucket " + std::to_string(bucket) + " operation " + std::to_string(order);
      if (order != ++number) return what + ": the one before it is missing";
      const std::uint64_t key = step.evicts ? record.result.evicted_key : record.key;
      const bool is_there = content.contains(key);
      if (step.evicts) {
        if (!is_there) return what + ": evicts what is not there";
        content.erase(key);
      } else if (record.operation == MapOperation::kUpdate) {
        content[key] = record.value;
      } else if ((record.result.error == 0) != is_there) {
        return what + ": error " + std::to_string(record.result.error);
      } else if (record.operation == MapOperation::kRemove) {
        content.erase(key);
      } else if (is_there && record.result.value != content[key]) {
        return what + ": finds " + std::to_string(record.result.value);
      }
    }
    if (stuck[bucket]) continue;
    if (number != map.operations[bucket]) return "bucket " + std::to_string(bucket) + ": an operation is missing";
    std::map<std::uint64_t, std::uint64_t> found;
    unsigned length = 0;
    for (std::uint32_t id = map.chain[bucket]; id != 0; id = map.entries[id - 1].next) {
      if (id > kMapEntries || ++length > kMapEntries) return "bucket " + std::to_string(bucket) + ": broken chain";
      found[map.entries[id - 1].key] = map.entries[id - 1].value;
    }
    if (found != content || length != found.size()) return "bucket " + std::to_string(bucket) + ": other contents";
  }
  return "";
}

// Whether every entry is in the list once, both ways. REQUIRES: nobody has stopped with the list's lock in hand.
inline bool ListIsWhole(const HashMap& map) {
  unsigned forth = 0;
  unsigned back = 0;
  for (std::uint32_t id = map.oldest; id != 0 && forth <= kMapEntries; id = map.entries[id - 1].newer) ++forth;
  for (std::uint32_t id = map.newest; id != 0 && back <= kMapEntries; id = map.entries[id - 1].older) ++back;
  return forth == kMapEntries && back == kMapEntries;
}

}  // namespace locks

#endif  // LOCK_USERS_MAP_MODEL_H_
