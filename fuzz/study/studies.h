// The experiments. Each is one call, with the figures by which it can be made small.
#ifndef FUZZ_STUDY_STUDIES_H_
#define FUZZ_STUDY_STUDIES_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "fuzz/study/study.h"

namespace rqfuzz {

// Runs the native part of a study, a program of its own, with these arguments, and returns the JSON that it prints.
using NativeRunner = std::function<absl::StatusOr<nlohmann::ordered_json>(const std::vector<std::string>&)>;

// How much a study does: tests want little.
struct StudySize {
  unsigned seeds = 24;                   // of each cell, in simulation
  std::uint64_t horizon_ns = 8'000'000;  // of a run with parallel clocks
  unsigned scenarios = 20'000;           // drawn
  double native_s = 0.3;                 // of each native measurement
  unsigned native_repeats = 7;
};

// "A fair lock performs poorly in a virtual machine when the lock holder is preempted"; "the test-and-set lock does
// not scale."
absl::StatusOr<StudyResult> StudyPreemptedOwners(const StudySize& size, const NativeRunner& native);
// "We recover quickly, because deadlock checks run at once when the slow path is entered."
absl::StatusOr<StudyResult> StudyStall(const StudySize& size);
// "It cannot be replaced transparently."
absl::StatusOr<StudyResult> StudyReplacement(const StudySize& size);
// What the table of held locks costs when nobody contends, and what the instrumentation costs.
absl::StatusOr<StudyResult> StudyOverhead(const StudySize& size, const NativeRunner& native);

}  // namespace rqfuzz

#endif  // FUZZ_STUDY_STUDIES_H_
