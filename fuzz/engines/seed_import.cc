#include "fuzz/engines/seed_import.h"

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/campaign_stats.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
Seed SeedOf(const Scenario& scenario) {
  const std::vector<std::uint8_t> bytes = Encode(scenario);
  const std::string content(bytes.begin(), bytes.end());
  return {.name = absl::StrFormat("seed-%016x", CauseHash("seed", content)), .content = content};
}

absl::Status ImportSeed(const Scenario& scenario, const std::string& corpus) {
  const Seed seed = SeedOf(scenario);
  return WriteNewFile(absl::StrFormat("%s/%s", corpus, seed.name), seed.content).status();
}

absl::Status ImportSeeds(const std::string& from, const std::string& corpus) {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(from);
  if (!paths.ok()) return paths.status();
  for (const std::string& path : *paths) {
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(path);
    if (!file.ok()) return file.status();
    if (const absl::Status status = ImportSeed(file->scenario, corpus); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace rqfuzz
