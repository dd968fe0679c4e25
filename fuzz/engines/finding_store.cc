#include "fuzz/engines/finding_store.h"

#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <string_view>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

// The word as part of a file's name.
std::string FileNameOf(std::string_view word) {
  std::string name(word);
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  return name;
}

std::string NameOf(const Finding& finding) {
  const locks::LockType& type = *finding.scenario.lock_type;
  return absl::StrFormat("%s-%s-%s.rqs", FileNameOf(finding.oracle), FileNameOf(finding.cause),
                         FileNameOf(type.revision.empty() ? type.name : type.revision));
}

// Comments and messages are one line.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

constexpr std::string_view kNotMinimized = "not yet minimised";

std::string Record(const Finding& finding) {
  return absl::StrFormat("found after %d executions, %.3f seconds, seed %d", finding.executions, finding.seconds,
                         finding.seed);
}

bool ReadRecord(const std::string& comment, Finding& finding) {
  return std::sscanf(comment.c_str(), "found after %" SCNu64 " executions, %lf seconds, seed %" SCNu64,
                     &finding.executions, &finding.seconds, &finding.seed) == 3;
}

// What a file holds; nothing if it is not a finding that a campaign wrote.
std::optional<Finding> FindingOf(const ScenarioFile& file) {
  if (file.expectations.empty() || file.comments.size() < 2) return std::nullopt;
  Finding finding;
  finding.oracle = file.expectations.front().oracle;
  finding.cause = file.expectations.front().cause;
  finding.message = file.comments.front();
  finding.minimized = file.comments.back() != kNotMinimized;
  finding.scenario = file.scenario;
  for (const std::string& comment : file.comments) {
    if (ReadRecord(comment, finding)) return finding;
  }
  return std::nullopt;
}

}  // namespace

absl::Status FindingStore::Open() {
  const absl::Status status = MakeFolder(folder_);
  if (status.ok()) RemoveTemporaryFiles(folder_);
  return status;
}

std::string FindingStore::PathOf(const Finding& finding) const {
  return absl::StrFormat("%s/%s", folder_, NameOf(finding));
}

std::string FindingStore::TextOf(const Finding& finding) const {
  const std::string_view revision = finding.scenario.lock_type->revision;
  ScenarioFile file;
  file.comments = {OneLine(finding.message), Record(finding),
                   absl::StrFormat("rqfuzz replay --trace %s", NameOf(finding))};
  if (!finding.minimized) file.comments.emplace_back(kNotMinimized);
  file.expectations = {{std::string(revision.empty() ? "*" : revision),
                        std::string(VerdictKindName(VerdictKind::kFinding)), finding.oracle, finding.cause}};
  file.scenario = finding.scenario;
  return PrintText(file);
}

absl::StatusOr<bool> FindingStore::Keep(const Finding& finding) const {
  return WriteNewFile(PathOf(finding), TextOf(finding));
}

absl::Status FindingStore::Replace(const Finding& finding) const {
  return WriteFile(PathOf(finding), TextOf(finding));
}

absl::StatusOr<std::vector<Finding>> FindingStore::Load(const locks::LockType& type) const {
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(folder_);
  if (!names.ok()) return names.status();
  std::vector<Finding> findings;
  for (const std::string& name : *names) {
    if (!IsTextScenario(name)) continue;
    const std::string path = absl::StrFormat("%s/%s", folder_, name);
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path);
    if (!file.ok()) return file.status();
    std::optional<Finding> finding = FindingOf(*file);
    if (!finding.has_value() || PathOf(*finding) != path) continue;
    const locks::LockType& its_type = *finding->scenario.lock_type;
    if (its_type.name == type.name && its_type.revision == type.revision) findings.push_back(*std::move(finding));
  }
  return findings;
}

}  // namespace rqfuzz
