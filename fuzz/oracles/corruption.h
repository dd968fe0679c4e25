// Not a promise: a bit of the lock's memory flipped. Nothing is promised then but that the execution ends, which the
// machine sees to; what came of it is told.
#ifndef FUZZ_ORACLES_CORRUPTION_H_
#define FUZZ_ORACLES_CORRUPTION_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class CorruptionOracle {
 public:
  static constexpr std::string_view kName = "corruption";
  static constexpr EventSet kEvents = Events(EventKind::kCorruption);

  void Reset() { first_.clear(); }
  void OnEvent(const World& world, const Event& event, Report) {
    if (!first_.empty()) return;
    const std::string place =
        event.lock == kNoLock
            ? absl::StrCat("'", std::string(world.options().lock_type->per_cpu_fields[event.field].name), "' ",
                           event.node_index, " of CPU ", event.node_cpu)
            : absl::StrCat("the word of lock ", LockName(event.lock));
    first_ = absl::StrCat("Bit ", event.new_value, " of ", place, " flips at ", Duration(event.time_ns), ".");
  }
  void OnEnd(const World&, Report report) {
    if (!first_.empty()) [[unlikely]] OnFlip(report);
  }

 private:
  void OnFlip(Report report) const {
    report.Machine(kName, absl::StrCat(first_, " ", WhatCameOfIt(report.verdict())));
  }

  std::string first_;  // empty: there was none
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_CORRUPTION_H_
