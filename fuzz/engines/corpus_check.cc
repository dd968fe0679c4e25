#include "fuzz/engines/corpus_check.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

// "finding no-hang head-waits-without-a-clock".
std::string Words(std::string_view verdict, std::string_view oracle, std::string_view cause) {
  std::string words(verdict);
  for (const std::string_view word : {oracle, cause}) {
    if (!word.empty()) absl::StrAppendFormat(&words, " %s", word);
  }
  return words;
}

bool IsAsExpected(const Verdict& verdict, const Expectation& expectation) {
  return VerdictKindName(verdict.kind) == expectation.verdict &&
         (expectation.oracle.empty() || expectation.oracle == verdict.oracle) &&
         (expectation.cause.empty() || expectation.cause == verdict.cause);
}

std::vector<const locks::LockType*> RowsOf(const Scenario& scenario, const Expectation& expectation) {
  std::vector<const locks::LockType*> rows;
  for (const locks::LockType& row : locks::AllLockTypes()) {
    const bool is_named = expectation.revision == "*" || expectation.revision == row.revision;
    if (row.name == scenario.lock_type->name && row.build == scenario.lock_type->build && is_named) {
      rows.push_back(&row);
    }
  }
  return rows;
}

class Checker {
 public:
  explicit Checker(std::string path) : path_(std::move(path)) {}

  CorpusCheck Run() {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path_);
    if (!file.ok()) {
      check_.offences.emplace_back(file.status().message());
      return std::move(check_);
    }
    Scenario again;
    Decode(Encode(file->scenario), again);
    if (again != file->scenario)
      Offend("is another scenario after the way through the binary form: a mistake of rqfuzz");
    if (IsTextScenario(path_)) CheckText(*file);
    return std::move(check_);
  }

 private:
  void Offend(std::string_view what) { check_.offences.push_back(absl::StrFormat("%s: %s", path_, what)); }

  void CheckText(const ScenarioFile& file) {
    const absl::StatusOr<std::string> text = ReadFile(path_);
    if (!text.ok() || PrintText(file) != *text) {
      Offend(absl::StrFormat("not written as rqfuzz writes it; run `rqfuzz convert %s -o %s`", path_, path_));
    }
    if (file.expectations.empty()) {
      Offend("says no verdict, so it checks nothing; add a line like 'expect linux-7.2 pass' before its 'lock' line");
    }
    for (const Expectation& expectation : file.expectations) CheckExpectation(file.scenario, expectation);
  }

  void CheckExpectation(const Scenario& scenario, const Expectation& expectation) {
    Scenario played = scenario;
    const std::vector<const locks::LockType*> rows = RowsOf(scenario, expectation);
    if (rows.empty()) {
      Offend(absl::StrFormat("%s has no build '%s'; remove its 'expect' line", expectation.revision,
                             scenario.lock_type->build));
    }
    for (const locks::LockType* row : rows) {
      played.lock_type = row;
      const Verdict verdict = Play(played).verdict;
      ++check_.verdicts;
      if (IsAsExpected(verdict, expectation)) continue;
      check_.unexpected_finding |= verdict.kind == VerdictKind::kFinding;
      Offend(
          absl::StrFormat("expects %s on %s and gets %s; replay it with --revision, then mend the lock or the line",
                          Words(expectation.verdict, expectation.oracle, expectation.cause),
                          row->revision.empty() ? row->name : row->revision,
                          Words(VerdictKindName(verdict.kind), verdict.oracle, verdict.cause)));
    }
  }

  std::string path_;
  CorpusCheck check_;
};

}  // namespace

CorpusCheck CheckCorpusFile(const std::string& path) { return Checker(path).Run(); }

}  // namespace rqfuzz
