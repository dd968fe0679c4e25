// Repeated measurements of one figure. A machine is never quiet: what is quoted is the median, and the spread with
// it.
#ifndef TESTS_SPEED_SAMPLES_H_
#define TESTS_SPEED_SAMPLES_H_

#include <algorithm>
#include <ctime>
#include <vector>

#include "absl/functional/function_ref.h"
#include "fuzz/check.h"

namespace rqfuzz {

// REQUIRES of Median(), Low(), High(): there is one value at least.
class Samples {
 public:
  void Add(double value) { values_.insert(std::upper_bound(values_.begin(), values_.end(), value), value); }
  bool IsEmpty() const { return values_.empty(); }
  double Median() const {
    RQFUZZ_CHECK(!values_.empty());
    return values_[values_.size() / 2];
  }
  double Low() const { return values_.front(); }
  double High() const { return values_.back(); }

 private:
  std::vector<double> values_;  // in rising order
};

// What `work` takes of this process's CPU time, in nanoseconds: other processes do not count.
inline double CpuTimeNs(absl::FunctionRef<void()> work) {
  const auto now_ns = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  };
  const double begin_ns = now_ns();
  work();
  return now_ns() - begin_ns;
}

}  // namespace rqfuzz

#endif  // TESTS_SPEED_SAMPLES_H_
