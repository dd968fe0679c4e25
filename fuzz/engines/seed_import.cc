#include "fuzz/engines/seed_import.h"

#include <cstdint>
#include <vector>

#include <boost/uuid/detail/sha1.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {

std::string CorpusFileName(const std::string& content) {
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(content.data(), content.size());
  boost::uuids::detail::sha1::digest_type digest;
  hash.get_digest(digest);
  std::string name;
  for (const unsigned int word : digest) absl::StrAppendFormat(&name, "%08x", word);
  return name;
}

Seed SeedOf(const Scenario& scenario) {
  const std::vector<std::uint8_t> bytes = Encode(scenario);
  const std::string content(bytes.begin(), bytes.end());
  return {.name = CorpusFileName(content), .content = content};
}

absl::Status ImportSeed(const Scenario& scenario, const std::string& corpus) {
  const Seed seed = SeedOf(scenario);
  return WriteNewFile(absl::StrFormat("%s/%s", corpus, seed.name), seed.content).status();
}

absl::StatusOr<std::map<std::string, std::string>> SeedsBelow(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(folder);
  if (!paths.ok()) return paths.status();
  std::map<std::string, std::string> seeds;
  for (const std::string& path : *paths) {
    absl::StatusOr<std::string> content = ReadFile(path);
    if (!content.ok()) return content.status();
    if (IsTextScenario(path)) {
      const absl::StatusOr<ScenarioFile> file = ParseText(path, *content);
      if (!file.ok()) return file.status();
      content = SeedOf(file->scenario).content;
    }
    if (!content->empty()) seeds.emplace(CorpusFileName(*content), *content);
  }
  return seeds;
}

absl::Status ImportSeeds(const std::string& from, const std::string& corpus) {
  const absl::StatusOr<std::map<std::string, std::string>> seeds = SeedsBelow(from);
  if (!seeds.ok()) return seeds.status();
  for (const auto& [name, content] : *seeds) {
    const absl::StatusOr<bool> written = WriteNewFile(absl::StrFormat("%s/%s", corpus, name), content);
    if (!written.ok()) return written.status();
  }
  return absl::OkStatus();
}

}  // namespace rqfuzz
