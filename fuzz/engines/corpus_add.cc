#include "fuzz/engines/corpus_add.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

absl::Status CheckName(const std::string& name) {
  const bool is_plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (is_plain) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("--name '%s': write lower-case letters, digits, hyphens and dots, as in lone-head", name));
}

absl::Status CheckCorpus(const std::string& corpus) {
  std::error_code error;
  if (std::filesystem::is_directory(corpus + "/regressions", error)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "%s: no folder regressions/ in it; run this where corpus/ is, or name a corpus with --corpus", corpus));
}

// Errors: the scenario is there, or a file of the corpus cannot be read.
absl::Status CheckIsNew(const Scenario& scenario, const std::string& corpus) {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(corpus);
  if (!paths.ok()) return paths.status();
  for (const std::string& path : *paths) {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path);
    if (!file.ok()) return file.status();
    if (file->scenario == scenario) {
      return absl::InvalidArgumentError(absl::StrFormat("%s is the same scenario; there is nothing to add", path));
    }
  }
  return absl::OkStatus();
}

// What each row that has the scenario's build does with it.
std::vector<Expectation> ExpectationsOf(const std::vector<BisectRow>& rows, std::string_view build) {
  std::vector<Expectation> expectations;
  for (const BisectRow& row : rows) {
    if (row.lock_type->build != build) continue;
    const Verdict& verdict = row.result.verdict;
    const std::string_view revision = row.lock_type->revision;
    expectations.push_back({std::string(revision.empty() ? "*" : revision),
                            std::string(VerdictKindName(verdict.kind)), std::string(verdict.oracle), verdict.cause});
  }
  return expectations;
}

}  // namespace

absl::StatusOr<AddedScenario> AddToCorpus(const std::string& file, const std::string& corpus, std::string name) {
  if (const absl::Status status = CheckCorpus(corpus); !status.ok()) return status;
  absl::StatusOr<ScenarioFile> source = ReadScenarioFile(file);
  if (!source.ok()) return source.status();
  const Verdict keep = Play(source->scenario).verdict;
  if (keep.kind == VerdictKind::kPass) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: passes, so there is nothing to keep; `rqfuzz bisect %s` says which revisions have the bug: name one of "
        "them in its 'lock' line",
        file, file));
  }
  if (name.empty()) name = absl::StrFormat("%s%s%s", keep.oracle, keep.cause.empty() ? "" : "-", keep.cause);
  if (const absl::Status status = CheckName(name); !status.ok()) return status;

  AddedScenario added;
  added.path = absl::StrFormat("%s/regressions/%s.rqs", corpus, name);
  added.minimized = Minimize(source->scenario, keep);
  const Scenario& minimal = added.minimized.scenario;
  if (const absl::Status status = CheckIsNew(minimal, corpus); !status.ok()) return status;
  added.verdict = Play(minimal).verdict;
  added.rows = Bisect(minimal, KnownCauses(), /*all_locks=*/false);
  const bool told_already = minimal == source->scenario && !source->comments.empty();
  const ScenarioFile result{
      .comments = told_already ? std::move(source->comments) : std::vector<std::string>{added.verdict.message},
      .expectations = ExpectationsOf(added.rows, minimal.lock_type->build),
      .scenario = minimal};
  const absl::StatusOr<bool> written = WriteNewFile(added.path, PrintText(result));
  if (!written.ok()) return written.status();
  if (!*written) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: another scenario has this name; choose one with --name", added.path));
  }
  return added;
}

}  // namespace rqfuzz
