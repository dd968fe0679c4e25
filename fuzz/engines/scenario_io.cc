#include "fuzz/engines/scenario_io.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/input.h"
#include "fuzz/engines/lock_choice.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {

bool IsTextScenario(std::string_view path) { return path.ends_with(".rqs"); }

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
