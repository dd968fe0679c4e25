#include "fuzz/engines/scenario_io.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/input.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

bool IsNote(std::string_view name) {
  return name.starts_with('.') || name.ends_with(".md") || name.ends_with(".txt") || name.ends_with(".json");
}

}  // namespace

bool IsTextScenario(std::string_view path) { return path.ends_with(".rqs"); }

absl::StatusOr<std::vector<std::string>> ScenarioFilesBelow(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  std::filesystem::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator(); entries.increment(error)) {
    std::error_code vanished;
    const bool is_file = entries->is_regular_file(vanished);
    if (is_file && !IsNote(entries->path().filename().string())) paths.push_back(entries->path().string());
  }
  if (error) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: this folder cannot be read: %s", folder, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::StatusOr<ScenarioFile> ReadScenarioFile(const std::string& path, std::string_view revision) {
  const absl::StatusOr<std::string> content = ReadFile(path);
  if (!content.ok()) return content.status();
  const bool is_text = IsTextScenario(path);
  Input input{.bytes = {reinterpret_cast<const std::uint8_t*>(content->data()), content->size()}};
  absl::StatusOr<ScenarioFile> file = is_text ? ParseText(path, *content) : ScenarioFile();
  if (!file.ok()) return file;
  if (!is_text) DecodeInput(input, file->scenario);
  std::optional<LockChoice> choice;
  if (!revision.empty()) {
    absl::StatusOr<LockChoice> found = LockChoice::Find(file->scenario.lock_type->name, revision);
    if (!found.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", std::string(found.status().message())));
    }
    choice = *std::move(found);
    choice->ApplyTo(file->scenario);
    input.choice = &*choice;
  }
  if (!is_text) file->scenario = ScenarioOf(input);
  return file;
}

absl::Status WriteScenarioFile(const std::string& path, const ScenarioFile& file) {
  if (IsTextScenario(path)) return WriteFile(path, PrintText(file));
  const std::vector<std::uint8_t> bytes = Encode(file.scenario);
  return WriteFile(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace rqfuzz
