#include "fuzz/engines/known_causes.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

absl::StatusOr<KnownCauses> KnownCauses::Load() {
  constexpr char kInSources[] = RQFUZZ_SOURCE_DIR "/corpus/discoveries";
  std::error_code error;
  if (std::filesystem::is_directory(kInSources, error)) return LoadFrom(kInSources, "corpus/discoveries");
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return LoadFrom(program.parent_path() / "discoveries", "discoveries");
}

absl::StatusOr<KnownCauses> KnownCauses::LoadUpstream() {
  return LoadFrom(RQFUZZ_SOURCE_DIR "/corpus/upstream", "corpus/upstream");
}

absl::StatusOr<KnownCauses> KnownCauses::LoadFrom(const std::string& folder, std::string_view shown_as) {
  KnownCauses known;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return known;
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(folder);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (!name.ends_with(".rqs")) continue;
    const absl::StatusOr<std::string> text = ReadFile(absl::StrFormat("%s/%s", folder, name));
    if (!text.ok()) return text.status();
    const std::string shown = absl::StrFormat("%s/%s", shown_as, name);
    const absl::StatusOr<ScenarioFile> file = ParseText(shown, *text);
    if (!file.ok()) return file.status();
    for (const Expectation& expectation : file->expectations) {
      if (expectation.verdict != VerdictKindName(VerdictKind::kFinding)) continue;
      known.causes_.push_back({std::string(file->scenario.lock_type->name), expectation.revision, expectation.oracle,
                               expectation.cause, shown});
    }
  }
  return known;
}

const KnownCause* KnownCauses::Find(const locks::LockType& type, std::string_view oracle,
                                    std::string_view cause) const {
  for (const KnownCause& known : causes_) {
    const bool same_lock = known.lock == type.name && (known.revision == type.revision || known.revision == "*");
    if (same_lock && known.oracle == oracle && known.cause == cause) return &known;
  }
  return nullptr;
}

std::string KnownCauses::NameOf(const locks::LockType& type, std::string_view oracle, std::string_view cause) const {
  const KnownCause* known = Find(type, oracle, cause);
  return known == nullptr ? std::string() : std::filesystem::path(known->file).stem().string();
}

}  // namespace rqfuzz
