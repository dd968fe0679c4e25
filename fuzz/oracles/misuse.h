// Rules for callers that a scenario breaks on purpose (kMisuse): releases come in the reverse order of acquires,
// nobody releases what it does not hold, and who is given an error has no lock. Whatever follows is the caller's
// fault; the first offence is named, with what came of it.
#ifndef FUZZ_ORACLES_MISUSE_H_
#define FUZZ_ORACLES_MISUSE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class MisuseOracle {
 public:
  static constexpr std::string_view kName = "misuse";
  static constexpr EventSet kEvents = Events(EventKind::kMisuse);

  void Reset() { rule_ = {}; }
  void OnEvent(const World& before, const Event& event, Report report);
  void OnEnd(const World&, Report report) {
    if (!rule_.empty()) [[unlikely]] OnOffence(report);
  }

 private:
  void OnOffence(Report report) const;

  std::string_view rule_;  // the first one that was broken; empty: none
  std::string offence_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_MISUSE_H_
