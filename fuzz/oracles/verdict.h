// What the oracles say of one execution.
#ifndef FUZZ_ORACLES_VERDICT_H_
#define FUZZ_ORACLES_VERDICT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace rqfuzz {

// In rising order of what wins when an execution gives cause for several: a scenario that breaks the rules of
// callers is `caller` whatever else happens, since nothing else is then the lock's fault; `machine` likewise.
enum class VerdictKind : std::uint8_t {
  kPass,
  kLimit,    // a known limit of the contract, by name (section 10)
  kFinding,  // a promise was broken
  kCaller,   // the scenario broke a rule for callers (section 9)
  kMachine,  // the machine did what no machine does that the lock is made for: nothing is promised then
};

// "pass", "limit", "finding", "caller", "machine".
std::string_view VerdictKindName(VerdictKind kind);

struct Verdict {
  VerdictKind kind = VerdictKind::kPass;
  // Name of the oracle ("prompt-aa"), of the limit ("unlock-window") or of the rule; empty on a pass.
  std::string_view oracle;
  // What led to it, in words joined by hyphens, the same for every scenario that shows the same defect:
  // findings are told apart by (oracle, cause). Empty unless a finding.
  std::string cause;
  // One or two sentences for a person, with CPUs, locks and times. Empty on a pass.
  std::string message;
  // Index of the event at which it showed; the number of events if only at the end.
  std::uint32_t event = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_VERDICT_H_
