// Measures what inputs reach, the same way for every engine: it plays each of them and remembers what was new.
//
//  - A feature is a counter of coverage together with the class of its value (1, 2, 3, 4-7, 8-15, 16-31, 32-127,
//  more),
//    as libFuzzer has it. A build whose locks are not instrumented for coverage has extra counters only.
//  - A state is what a write to a lock's word left there (locked, pending, and as the tail no CPU, the writer or
//  another
//    one, with the node's number), the kind of context that wrote, and how many acquires its CPU had begun and not
//    undone.
#ifndef FUZZ_ENGINES_COVERAGE_METER_H_
#define FUZZ_ENGINES_COVERAGE_METER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/container/flat_hash_set.h"
#include "fuzz/engines/input.h"
#include "fuzz/machine/event.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

class CoverageMeter {
 public:
  // Makes all plays of the input; returns whether they reached anything new. An input with a play of more than
  // kCorpusStepsMax steps counts as reaching nothing, as engines have it. Changes the counters of coverage.
  // REQUIRES: no engine works in this process.
  bool Add(const Input& input);

  std::size_t features() const { return features_.size(); }
  std::size_t states() const { return states_.size(); }

 private:
  void AddFeatures(std::size_t first, std::span<const std::uint8_t> counters);
  void AddStates(const locks::WordLayout& word, std::span<const Event> events);

  Scenario scenario_;                                // of the play that is made
  absl::flat_hash_set<std::uint32_t> input_states_;  // of the input that is played
  absl::flat_hash_set<std::size_t> features_;
  absl::flat_hash_set<std::uint32_t> states_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_COVERAGE_METER_H_
