#include "fuzz/engines/seed_import.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  std::filesystem::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator(); entries.increment(error)) {
    std::error_code vanished;
    if (entries->is_regular_file(vanished)) paths.push_back(entries->path().string());
  }
  if (error) {
    return absl::InvalidArgumentError(absl::StrFormat("%s: this folder cannot be read: %s", folder, error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

absl::Status ImportSeeds(const std::string& from, const std::string& corpus) {
  const absl::StatusOr<std::vector<std::string>> paths = FilesBelow(from);
  if (!paths.ok()) return paths.status();
  for (const std::string& path : *paths) {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path);
    if (!file.ok()) return file.status();
    if (const absl::Status status = ImportSeed(file->scenario, corpus); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ImportSeed(const Scenario& scenario, const std::string& corpus) {
  const std::vector<std::uint8_t> bytes = Encode(scenario);
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string seed = absl::StrFormat("%s/seed-%016x", corpus, CauseHash("seed", content));
  return WriteNewFile(seed, content).status();
}

}  // namespace rqfuzz
