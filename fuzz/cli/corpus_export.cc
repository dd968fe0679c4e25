#include "fuzz/cli/corpus_export.h"

#include <map>
#include <memory>

#include <zip.h>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"

namespace rqfuzz {
namespace {

constexpr std::uint16_t kDate = 0x21;  // 1980-01-01, the first day of the format: no clock in the file

using Seeds = std::map<std::string, std::string>;  // names and contents

absl::Status Failed(std::string_view what, zip_error_t& error) {
  absl::Status status = absl::InternalError(absl::StrFormat("zip: %s: %s", what, zip_error_strerror(&error)));
  zip_error_fini(&error);
  return status;
}

bool AddAll(zip_t* archive, const Seeds& seeds) {
  for (const auto& [name, content] : seeds) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    if (source == nullptr) return false;
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return false;
    }
    if (zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kDate, 0) != 0) return false;
  }
  return true;
}

// What was written to the source.
bool ReadAll(zip_source_t* source, std::string& content) {
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) return false;
  content.resize(stat.size);
  const bool whole = zip_source_read(source, content.data(), stat.size) == static_cast<zip_int64_t>(stat.size);
  zip_source_close(source);
  return whole;
}

// The zip file's bytes, made in memory: the file itself is written in one step.
absl::StatusOr<std::string> Zipped(const Seeds& seeds) {
  zip_error_t error;
  zip_error_init(&error);
  const auto free_source = [](zip_source_t* source) { zip_source_free(source); };
  const std::unique_ptr<zip_source_t, decltype(free_source)> bytes(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (bytes == nullptr) return Failed("no buffer", error);
  zip_t* archive = zip_open_from_source(bytes.get(), ZIP_TRUNCATE, &error);
  if (archive == nullptr) return Failed("cannot be begun", error);
  zip_source_keep(bytes.get());  // zip_close() drops one hold
  if (!AddAll(archive, seeds) || zip_close(archive) != 0) {
    absl::Status status = Failed("cannot be made", *zip_get_error(archive));
    zip_discard(archive);
    return status;
  }
  std::string content;
  if (!ReadAll(bytes.get(), content)) return Failed("cannot be read back", *zip_source_error(bytes.get()));
  return content;
}

}  // namespace

absl::StatusOr<std::size_t> ExportCorpus(const std::string& folder, const std::string& to) {
  const absl::StatusOr<Seeds> seeds = SeedsBelow(folder);
  if (!seeds.ok()) return seeds.status();
  if (seeds->empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: no scenario in this folder; name one that has some, such as corpus/seeds", folder));
  }
  const absl::StatusOr<std::string> content = Zipped(*seeds);
  if (!content.ok()) return content.status();
  if (const absl::Status status = WriteFile(to, *content); !status.ok()) return status;
  return seeds->size();
}

}  // namespace rqfuzz
