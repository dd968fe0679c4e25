#include "fuzz/report/verdict_text.h"

#include "absl/strings/str_format.h"

namespace rqfuzz {

std::string VerdictText(const Verdict& verdict) {
  if (verdict.kind == VerdictKind::kPass) return std::string(VerdictKindName(verdict.kind));
  return absl::StrFormat("%s %s: %s", VerdictKindName(verdict.kind), verdict.oracle, verdict.message);
}

}  // namespace rqfuzz
