#include "fuzz/report/splat.h"

#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/engines/bisect.h"
#include "fuzz/engines/player.h"

namespace rqfuzz {
namespace {

std::string FirstLine(const Verdict& verdict) {
  if (verdict.kind == VerdictKind::kPass) return "Every promise was kept.\n";
  return absl::StrFormat("%s %s: %s\n", verdict.kind == VerdictKind::kFinding ? "WARNING:" : "Note:", verdict.oracle,
                         verdict.message);
}

}  // namespace

std::string Splat(const Scenario& scenario, std::string_view file, const KnownCauses& upstream) {
  const PlayResult result = Play(scenario);
  std::string text = FirstLine(result.verdict);
  absl::StrAppendFormat(&text, "\nOn each revision:\n%s", BisectText(Bisect(scenario, upstream, false)));
  absl::StrAppendFormat(&text, "\nPlay it again:\n  rqfuzz replay --trace %s\n", file);
  return text;
}

}  // namespace rqfuzz
