#include "fuzz/report/splat.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/engines/bisect.h"
#include "fuzz/report/code_position.h"
#include "fuzz/report/columns.h"
#include "fuzz/report/situation.h"
#include "fuzz/report/telling_steps.h"
#include "fuzz/report/why.h"

namespace rqfuzz {
namespace {

// A minimal scenario fits on one screen.
constexpr std::size_t kScreenLines = 50;
constexpr std::size_t kStepLinesMin = 9;

std::string LockText(const Execution& execution, const KnownCauses& upstream) {
  const locks::LockType& type = execution.lock_type();
  const Verdict& verdict = execution.verdict();
  std::string text =
      absl::StrCat(std::string(type.name), type.revision.empty() ? "" : " ", std::string(type.revision));
  const std::string known = upstream.NameOf(type, verdict.oracle, verdict.cause);
  if (!known.empty()) absl::StrAppend(&text, ", known bug ", known);
  return text;
}

std::string Headline(const Execution& execution, const KnownCauses& upstream) {
  const Verdict& verdict = execution.verdict();
  const Promise* const promise = PromiseOf(verdict);
  const std::string oracle(verdict.oracle);
  const std::string lock = LockText(execution, upstream);
  switch (verdict.kind) {
    case VerdictKind::kPass:
      return absl::StrCat("OK: every promise was kept (", lock, ")\n");
    case VerdictKind::kLimit:
      return absl::StrCat("NOTE: known limit ", oracle, " (", lock, ")\n");
    case VerdictKind::kCaller:
      return absl::StrCat("NOTE: the callers break rule ", oracle, " (", lock, ")\n");
    case VerdictKind::kMachine:
      return absl::StrCat("NOTE: the machine fails, nothing is promised: ", oracle, " (", lock, ")\n");
    case VerdictKind::kFinding:
      break;
  }
  return absl::StrCat("WARNING: ", oracle, promise == nullptr ? "" : ": ",
                      promise == nullptr ? "" : std::string(promise->title), "\nIn ", lock,
                      "; cause: ", verdict.cause, "\n");
}

std::string Why(const Verdict& verdict) {
  std::string text;
  if (const Promise* const promise = PromiseOf(verdict); promise != nullptr) {
    text += Wrapped(absl::StrCat("The contract (section 10, ", std::string(promise->oracle),
                                 ") promises: ", std::string(promise->text)),
                    "  ");
  }
  if (const std::string_view explanation = ExplanationOf(verdict); !explanation.empty())
    text += Wrapped(explanation, "  ");
  return text;
}

// Revisions with the same verdict share a line.
std::string Matrix(const std::vector<BisectRow>& rows) {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const BisectRow& row : rows) {
    const Verdict& verdict = row.result.verdict;
    std::string result(VerdictKindName(verdict.kind));
    if (!verdict.oracle.empty()) absl::StrAppend(&result, " ", std::string(verdict.oracle));
    if (!verdict.cause.empty()) absl::StrAppend(&result, " ", verdict.cause);
    if (!row.bug.empty()) absl::StrAppend(&result, " (", row.bug, ")");
    const std::string name(row.lock_type->revision.empty() ? row.lock_type->name : row.lock_type->revision);
    auto group = groups.begin();
    while (group != groups.end() && group->first != result) ++group;
    if (group == groups.end()) group = groups.insert(group, {result, {}});
    group->second.push_back(name);
  }
  std::string text;
  for (const auto& [result, names] : groups) {
    text += Wrapped(absl::StrCat(result, ": ", absl::StrJoin(names, ", ")), "  ");
  }
  return text;
}

std::size_t LinesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void AppendSection(std::string& text, std::string_view title, const std::string& content) {
  if (!content.empty()) absl::StrAppend(&text, "\n", std::string(title), title.empty() ? "" : "\n", content);
}

}  // namespace

std::string Splat(const Scenario& scenario, std::string_view file, const KnownCauses& upstream) {
  const absl::StatusOr<Execution> execution = Execute(scenario);
  if (execution.ok()) return Splat(*execution, file, upstream);
  // What there is to say without the steps.
  const Execution played{.scenario = scenario, .traced = {.result = Play(scenario)}};
  return absl::StrCat(Headline(played, upstream), Wrapped(played.verdict().message, ""),
                      std::string(execution.status().message()), "\n");
}

std::string Splat(const Execution& execution, std::string_view file, const KnownCauses& upstream) {
  const Verdict& verdict = execution.verdict();
  const Situation situation(execution);
  std::string above = Headline(execution, upstream);
  std::string below;
  if (!verdict.message.empty()) above += Wrapped(verdict.message, "");
  if (verdict.kind != VerdictKind::kPass) {
    AppendSection(above, "", situation.ViolationBlock());
    AppendSection(above, absl::StrCat("Who holds and wants what, at ", Duration(situation.time_ns()), ":"),
                  situation.HoldersAndWaiters());
    AppendSection(above, "Who waits for whom:", situation.WaitsForChain());
    AppendSection(below, "Call traces:", situation.CallTraces(CodePositions(execution.traced.records)));
  }
  AppendSection(below, "Why this is wrong:", Why(verdict));
  AppendSection(below, "On each revision:", Matrix(Bisect(execution.scenario, upstream, false)));
  absl::StrAppend(&below, "\nPlay it again: rqfuzz explain ", std::string(file),
                  "   (--html PAGE shows every step)\n");
  // The steps have what is left of the screen, less their heading.
  const std::size_t others = LinesOf(above) + LinesOf(below) + 4;
  const std::size_t rows_max = std::max(kStepLinesMin, kScreenLines - std::min(kScreenLines, others));
  AppendSection(above,
                "Steps (> decisive, >> here it showed; words are tail,pending,locked; tail cpu2.0: node 0 of CPU 2):",
                StepColumns(TellingStepsOf(execution), rows_max));
  return above + below;
}

}  // namespace rqfuzz
