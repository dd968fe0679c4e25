#include "fuzz/engines/bisect.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

// The row of this lock and revision in the build of the scenario, or else the first one; a row of another build is
// none of its own. nullptr: this row is not the one.
const locks::LockType* InBuildOf(const Scenario& scenario, const locks::LockType& row) {
  const locks::LockType* same = locks::FindLockType(row.name, row.revision, scenario.lock_type->build);
  if (same == nullptr) {
    const auto all = locks::AllLockTypes();
    same = &*std::find_if(all.begin(), all.end(), [&row](const locks::LockType& other) {
      return other.name == row.name && other.revision == row.revision;
    });
  }
  return same == &row ? same : nullptr;
}

std::string_view NameInMatrix(const locks::LockType& type) {
  return type.revision.empty() ? type.name : type.revision;
}

}  // namespace

std::vector<BisectRow> Bisect(const Scenario& scenario, const KnownCauses& upstream, bool all_locks) {
  std::vector<BisectRow> own;
  std::vector<BisectRow> others;
  Scenario played = scenario;
  for (const locks::LockType& row : locks::AllLockTypes()) {
    const bool is_own = row.name == scenario.lock_type->name;
    if ((!is_own && !all_locks) || InBuildOf(scenario, row) == nullptr) continue;
    played.lock_type = &row;
    BisectRow result{.lock_type = &row, .result = Play(played), .bug = {}};
    const Verdict& verdict = result.result.verdict;
    if (verdict.kind == VerdictKind::kFinding) result.bug = upstream.NameOf(row, verdict.oracle, verdict.cause);
    (is_own ? own : others).push_back(std::move(result));
  }
  std::reverse(own.begin(), own.end());  // the registry has the newest first
  own.insert(own.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  return own;
}

std::string BisectText(const std::vector<BisectRow>& rows) {
  std::size_t width = 0;
  for (const BisectRow& row : rows) width = std::max(width, NameInMatrix(*row.lock_type).size());
  std::string text;
  for (const BisectRow& row : rows) {
    const Verdict& verdict = row.result.verdict;
    absl::StrAppendFormat(&text, "  %-*s  %s", static_cast<int>(width), NameInMatrix(*row.lock_type),
                          VerdictKindName(verdict.kind));
    if (!verdict.oracle.empty()) absl::StrAppendFormat(&text, " %s", verdict.oracle);
    if (!verdict.cause.empty()) absl::StrAppendFormat(&text, " %s", verdict.cause);
    if (!row.bug.empty()) absl::StrAppendFormat(&text, " (%s)", row.bug);
    text += '\n';
  }
  return text;
}

}  // namespace rqfuzz
