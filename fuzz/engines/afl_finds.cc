#include "fuzz/engines/afl_finds.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"

namespace rqfuzz {

std::string AflInstanceName(const std::string& campaign, unsigned worker, unsigned deaths) {
  return absl::StrCat(campaign, "-", worker, deaths == 0 ? "" : absl::StrCat("-", deaths));
}

AflFinds::AflFinds(std::string folder, std::string campaign, std::string corpus, std::string crashes)
    : folder_(std::move(folder)),
      campaign_(std::move(campaign)),
      corpus_(std::move(corpus)),
      crashes_(std::move(crashes)) {}

absl::StatusOr<unsigned> AflFinds::Collect() {
  unsigned crashes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (!entry.path().filename().string().starts_with(campaign_ + "-")) continue;
    const std::string instance = entry.path().string();
    if (const auto found = CollectFrom(instance + "/queue", corpus_, ""); !found.ok()) return found.status();
    for (const char* kind : {"crash", "hang"}) {
      const std::string folder = absl::StrCat(instance, "/", kind, kind[0] == 'c' ? "es" : "s");
      const absl::StatusOr<unsigned> found = CollectFrom(folder, crashes_, absl::StrCat(kind, "-").c_str());
      if (!found.ok()) return found.status();
      crashes += *found;
    }
  }
  return crashes;
}

absl::StatusOr<unsigned> AflFinds::CollectFrom(const std::string& folder, const std::string& into,
                                               const char* prefix) {
  unsigned count = 0;
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(folder);
  // afl-fuzz has not made it yet.
  if (!names.ok()) return 0;
  for (const std::string& name : *names) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (!name.starts_with("id:") || seen_.contains(path)) continue;
    const absl::StatusOr<std::string> content = ReadFile(path);
    if (!content.ok() || content->empty()) continue;
    const auto written = WriteNewFile(absl::StrCat(into, "/", prefix, CorpusFileName(*content)), *content);
    if (!written.ok()) return written.status();
    seen_.insert(path);
    ++count;
  }
  return count;
}

void AflFinds::RemoveInstances() const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    if (!entry.path().filename().string().starts_with(campaign_ + "-")) continue;
    std::filesystem::remove_all(entry.path(), error);
  }
}

}  // namespace rqfuzz
