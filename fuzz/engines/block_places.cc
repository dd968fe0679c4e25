#include "fuzz/engines/block_places.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "fuzz/engines/coverage.h"

namespace {

// One row of the compiler's table of blocks, which is parallel to the counters.
struct PcRow {
  std::uintptr_t address;
  std::uintptr_t flags;
};

}  // namespace

// The linker's names for the ends of the sections, and for where the program was loaded.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern const PcRow __start___sancov_pcs[];
[[gnu::weak, gnu::visibility("hidden")]] extern const PcRow __stop___sancov_pcs[];
[[gnu::visibility("hidden")]] extern const char __executable_start[];
}

namespace rqfuzz {
namespace {

constexpr char kCannotRun[] = "llvm-symbolizer cannot be run; install the package llvm";

// FILE:LINE:COLUMN.
bool ParsePlace(std::string_view text, BlockPlace& place) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), ':');
  if (parts.size() != 3) return false;
  place.file = std::filesystem::path(parts[0]).lexically_normal();
  // From the build folder, if that is where the compiler ran.
  while (place.file.starts_with("../")) place.file.erase(0, 3);
  return absl::SimpleAtoi(parts[1], &place.line) && absl::SimpleAtoi(parts[2], &place.column);
}

}  // namespace

absl::StatusOr<std::vector<BlockPlace>> BlockPlaces() {
  const std::span<const PcRow> rows(__start___sancov_pcs, CodeCounters().size());
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  char questions[] = "/tmp/rqfuzz-blocks-XXXXXX";
  const int file = mkstemp(questions);
  if (file == -1) return absl::InternalError("no temporary file can be had");
  std::string text;
  for (const PcRow& row : rows) {
    absl::StrAppendFormat(&text, "0x%x\n", row.address - reinterpret_cast<std::uintptr_t>(__executable_start));
  }
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  const std::string command =
      absl::StrFormat("llvm-symbolizer --obj='%s' --functions=none --no-inlines < %s", self, questions);
  std::vector<BlockPlace> places;
  FILE* const answers = written ? popen(command.c_str(), "r") : nullptr;
  char line[4096];
  while (answers != nullptr && std::fgets(line, sizeof(line), answers) != nullptr) {
    std::string_view answer(line);
    if (answer.ends_with('\n')) answer.remove_suffix(1);
    BlockPlace place;
    if (ParsePlace(answer, place)) places.push_back(place);
  }
  const bool failed = answers == nullptr || pclose(answers) != 0;
  unlink(questions);
  if (failed) return absl::InternalError(kCannotRun);
  if (places.size() != rows.size())
    return absl::InternalError("llvm-symbolizer does not know all blocks of the locks");
  return places;
}

}  // namespace rqfuzz
