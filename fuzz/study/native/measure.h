// The native parts of the studies. Each returns JSON for the study that shows it (fuzz/study/studies.h).
#ifndef FUZZ_STUDY_NATIVE_MEASURE_H_
#define FUZZ_STUDY_NATIVE_MEASURE_H_

#include <cstdint>

#include <nlohmann/json.hpp>

namespace rqfuzz {

// {"cores", "rows": [{"lock", "threads", "throughput", "lowest", "highest", "wait_us", "errors"}]}
nlohmann::ordered_json MeasurePreemptedOwners(double seconds, unsigned repeats);

// {"cores", "pairs": [{"lock", "alone": [median, lowest, highest], "two": [...]}], "bound": [{"what", "values"}],
//  "steps": [{"step", "values"}]}
nlohmann::ordered_json MeasureOverhead(double seconds, unsigned repeats);

// Acquires and releases that often, alone, for whoever counts instructions: "rqspinlock", "qspinlock" or "table".
// False: no such lock.
bool RunPairs(const char* lock, std::uint64_t count);

// [median, lowest, highest].
nlohmann::ordered_json Spread(std::vector<double> values);

}  // namespace rqfuzz

#endif  // FUZZ_STUDY_NATIVE_MEASURE_H_
