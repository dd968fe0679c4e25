#include "fuzz/engines/corpus_merge.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fuzz/engines/coverage_meter.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"

namespace rqfuzz {
namespace {

// The order does not depend on the names of files.
struct SmallestFirst {
  bool operator()(const std::string& a, const std::string& b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};
using Inputs = std::set<std::string, SmallestFirst>;

absl::Status ReadInputs(const std::string& folder, Inputs& inputs) {
  const absl::StatusOr<std::map<std::string, std::string>> seeds = SeedsBelow(folder);
  if (!seeds.ok()) return seeds.status();
  for (const auto& [name, content] : *seeds) inputs.insert(content);
  return absl::OkStatus();
}

bool Measure(CoverageMeter& meter, const std::string& input) {
  return meter.Add({.bytes = {reinterpret_cast<const std::uint8_t*>(input.data()), input.size()}});
}

}  // namespace

absl::StatusOr<MergedCorpus> MergeCorpora(std::span<const std::string> from, const std::string& into) {
  Inputs inputs;
  for (const std::string& folder : from) {
    if (const absl::Status status = ReadInputs(folder, inputs); !status.ok()) return status;
  }
  if (inputs.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        absl::StrJoin(from, ", "), ": no input in there; name folders that have some, such as rqfuzz-out/corpus"));
  }
  Inputs before;
  std::error_code error;
  if (std::filesystem::exists(into, error)) {
    if (const absl::Status status = ReadInputs(into, before); !status.ok()) return status;
  }
  if (const absl::Status status = MakeFolder(into); !status.ok()) return status;

  CoverageMeter meter;
  MergedCorpus merged{.inputs = inputs.size(), .before = before.size()};
  for (const std::string& input : before) Measure(meter, input);
  for (const std::string& input : inputs) {
    if (!Measure(meter, input)) continue;
    const absl::StatusOr<bool> written = WriteNewFile(absl::StrCat(into, "/", CorpusFileName(input)), input);
    if (!written.ok()) return written.status();
    merged.added += *written;
  }
  merged.features = meter.features();
  merged.states = meter.states();
  return merged;
}

}  // namespace rqfuzz
