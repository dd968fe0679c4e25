#include "fuzz/engines/finding_store.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/finding_record.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kScenarioName = "finding.rqs";
constexpr std::string_view kRecordName = "finding.json";
constexpr std::string_view kReportName = "report.txt";
constexpr std::string_view kDamaged = ".damaged";

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
  return absl::StrFormat("%s-%s-%s", FileNameOf(finding.oracle), FileNameOf(finding.cause),
                         FileNameOf(type.revision.empty() ? type.name : type.revision));
}

std::string In(std::string_view folder, std::string_view name) { return absl::StrFormat("%s/%s", folder, name); }

absl::Status Error(const std::string& path, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s: %s", path, what, std::strerror(errno)));
}

// The record last: until it says "minimised", the rest is done again by whoever goes on. Only the scenario is worth
// waiting for the disk: the rest follows from it, and a fuzzer that finds much would do nothing but wait.
absl::Status WriteFiles(const std::string& folder, const Finding& finding, std::string_view explanation) {
  absl::Status status = WriteFile(In(folder, kScenarioName), ScenarioTextOf(finding));
  if (status.ok()) status = WriteFile(In(folder, kReportName), ReportTextOf(finding, explanation), Sync::kLater);
  if (status.ok()) status = WriteFile(In(folder, kRecordName), RecordTextOf(finding), Sync::kLater);
  return status;
}

absl::StatusOr<Finding> ReadFinding(const std::string& folder) {
  const std::string scenario_path = In(folder, kScenarioName);
  const std::string record_path = In(folder, kRecordName);
  const absl::StatusOr<std::string> scenario = ReadFile(scenario_path);
  if (!scenario.ok()) return scenario.status();
  const absl::StatusOr<std::string> record = ReadFile(record_path);
  if (!record.ok()) return record.status();
  absl::StatusOr<Finding> finding = ParseFinding(scenario_path, *scenario, record_path, *record);
  const absl::StatusOr<std::string> report = ReadFile(In(folder, kReportName));
  if (finding.ok() && (!report.ok() || report->empty())) finding->minimized = false;
  return finding;
}

absl::StatusOr<Finding> ReadFindingWithoutRecord(const std::string& folder) {
  const std::string path = In(folder, kScenarioName);
  const absl::StatusOr<std::string> text = ReadFile(path);
  return text.ok() ? ParseFindingWithoutRecord(path, *text) : text.status();
}

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

}  // namespace

std::string FindingStore::FolderOf(const Finding& finding) const { return In(folder_, NameOf(finding)); }

std::string FindingStore::PathOf(const Finding& finding) const { return In(FolderOf(finding), kScenarioName); }

absl::StatusOr<std::vector<std::string>> FindingStore::Open() const {
  if (const absl::Status status = MakeFolder(folder_); !status.ok()) return status;
  const absl::StatusOr<std::vector<std::string>> temporaries = ListTemporaryFolders(folder_);
  if (!temporaries.ok()) return temporaries.status();
  for (const std::string& name : *temporaries) {
    if (const absl::Status status = FinishOrRemove(In(folder_, name)); !status.ok()) return status;
  }
  RemoveTemporaryFiles(folder_);
  std::vector<std::string> mended;
  const absl::StatusOr<std::vector<std::string>> names = ListFolders(folder_);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (name.ends_with(kDamaged)) continue;
    absl::StatusOr<std::string> line = Mend(name);
    if (!line.ok()) return line.status();
    if (!line->empty()) mended.push_back(*std::move(line));
  }
  return mended;
}

// A folder that had no name yet. If its scenario is whole, so is the finding: its record can be mended. Otherwise its
// writer never said that it was kept.
absl::Status FindingStore::FinishOrRemove(const std::string& temporary) const {
  const absl::StatusOr<Finding> finding = ReadFindingWithoutRecord(temporary);
  if (!finding.ok()) {
    RemoveFolder(temporary);
    return absl::OkStatus();
  }
  return MoveIntoPlace(temporary, *finding).status();
}

// Empty: the finding was whole.
absl::StatusOr<std::string> FindingStore::Mend(const std::string& name) const {
  const std::string folder = In(folder_, name);
  RemoveTemporaryFiles(folder);
  if (ReadFinding(folder).ok()) return "";
  const absl::StatusOr<Finding> finding = ReadFindingWithoutRecord(folder);
  if (finding.ok() && NameOf(*finding) == name) {
    if (const absl::Status status = WriteFiles(folder, *finding, ""); !status.ok()) return status;
    return absl::StrFormat("%s: its record was lost; the scenario is whole and will be minimised again", folder);
  }
  const std::string aside = absl::StrFormat("%s%s", folder, kDamaged);
  RemoveFolder(aside);
  if (std::rename(folder.c_str(), aside.c_str()) != 0) return Error(folder, "cannot be set aside");
  return absl::StrFormat("%s: holds no finding (%s); it is now %s", folder,
                         std::string(finding.ok() ? "another name" : finding.status().message()), aside);
}

absl::StatusOr<bool> FindingStore::MoveIntoPlace(const std::string& from, const Finding& finding) const {
  const std::string folder = FolderOf(finding);
  // A folder is never replaced by rename() unless it is empty.
  if (std::rename(from.c_str(), folder.c_str()) == 0) return true;
  const int error = errno;
  RemoveFolder(from);
  if (error == ENOTEMPTY || error == EEXIST) return false;
  errno = error;
  return Error(folder, "cannot be written");
}

absl::StatusOr<bool> FindingStore::Keep(const Finding& finding) const {
  std::error_code error;
  if (std::filesystem::exists(PathOf(finding), error)) return false;
  const std::string temporary = TemporaryPath(folder_);
  if (mkdir(temporary.c_str(), 0755) != 0) return Error(FolderOf(finding), "cannot be written");
  if (const absl::Status status = WriteFiles(temporary, finding, ""); !status.ok()) {
    RemoveFolder(temporary);
    return status;
  }
  return MoveIntoPlace(temporary, finding);
}

absl::Status FindingStore::Replace(const Finding& finding, std::string_view explanation) const {
  return WriteFiles(FolderOf(finding), finding, explanation);
}

absl::StatusOr<std::vector<Finding>> FindingStore::LoadAll() const {
  const absl::StatusOr<std::vector<std::string>> names = ListFolders(folder_);
  if (!names.ok()) return names.status();
  std::vector<Finding> findings;
  for (const std::string& name : *names) {
    if (name.ends_with(kDamaged)) continue;
    absl::StatusOr<Finding> finding = ReadFinding(In(folder_, name));
    if (!finding.ok()) return finding.status();
    if (NameOf(*finding) == name) findings.push_back(*std::move(finding));
  }
  return findings;
}

absl::StatusOr<std::vector<Finding>> FindingStore::Load(const locks::LockType& type) const {
  absl::StatusOr<std::vector<Finding>> findings = LoadAll();
  if (!findings.ok()) return findings;
  std::erase_if(*findings, [&type](const Finding& finding) {
    const locks::LockType& its_type = *finding.scenario.lock_type;
    return its_type.name != type.name || its_type.revision != type.revision;
  });
  return findings;
}

}  // namespace rqfuzz
