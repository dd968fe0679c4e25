#include "fuzz/engines/scenario_io.h"

#include <cstdint>
#include <vector>

#include "fuzz/engines/file_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {

bool IsTextScenario(std::string_view path) { return path.ends_with(".rqs"); }

absl::StatusOr<ScenarioFile> ReadScenarioFile(const std::string& path) {
  const absl::StatusOr<std::string> content = ReadFile(path);
  if (!content.ok()) return content.status();
  if (IsTextScenario(path)) return ParseText(path, *content);
  ScenarioFile file;
  Decode({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()}, file.scenario);
  return file;
}

absl::Status WriteScenarioFile(const std::string& path, const ScenarioFile& file) {
  if (IsTextScenario(path)) return WriteFile(path, PrintText(file));
  const std::vector<std::uint8_t> bytes = Encode(file.scenario);
  return WriteFile(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace rqfuzz
