#include "tests/find_bugs/bug.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"

namespace rqfuzz {
namespace {

constexpr char kFolder[] = RQFUZZ_SOURCE_DIR "/corpus/upstream";

absl::StatusOr<Bug> RealBug(const std::string& name) {
  const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(absl::StrCat(kFolder, "/", name));
  if (!file.ok()) return file.status();
  const locks::LockType* type = file->scenario.lock_type;
  const auto expectation =
      std::find_if(file->expectations.begin(), file->expectations.end(), [type](const Expectation& line) {
        return line.revision == type->revision && line.verdict == VerdictKindName(VerdictKind::kFinding);
      });
  if (expectation == file->expectations.end()) {
    return absl::InvalidArgumentError(absl::StrCat("corpus/upstream/", name, ": expects no finding in ",
                                                   std::string(type->revision), ", which its `lock` line names"));
  }
  return Bug{.name = std::filesystem::path(name).stem().string(),
             .is_real = true,
             .lock_type = type,
             .oracle = expectation->oracle,
             .cause = expectation->cause};
}

}  // namespace

void Bug::ApplyTo(Scenario& scenario) const {
  if (broken != nullptr) broken->ApplyTo(scenario);
}

bool Bug::IsFoundBy(const Verdict& verdict) const {
  if (verdict.kind != VerdictKind::kFinding) return false;
  if (is_real) return verdict.oracle == oracle && verdict.cause == cause;
  return known.Find(*lock_type, verdict.oracle, verdict.cause) == nullptr;
}

absl::StatusOr<std::vector<Bug>> RealBugs() {
  const absl::StatusOr<std::vector<std::string>> names = ListFiles(kFolder);
  if (!names.ok()) return names.status();
  std::vector<Bug> bugs;
  for (const std::string& name : *names) {
    if (!IsTextScenario(name)) continue;
    absl::StatusOr<Bug> bug = RealBug(name);
    if (!bug.ok()) return bug.status();
    bugs.push_back(*std::move(bug));
  }
  return bugs;
}

absl::StatusOr<Bug> NoBug() {
  absl::StatusOr<KnownCauses> known = KnownCauses::Load();
  if (!known.ok()) return known.status();
  const BrokenLock& lock = UnbrokenLock();
  return Bug{.name = "none", .lock_type = &lock.generic, .broken = &lock, .known = *std::move(known)};
}

absl::StatusOr<std::vector<Bug>> BrokenBugs() {
  const absl::StatusOr<Bug> none = NoBug();
  if (!none.ok()) return none.status();
  std::vector<Bug> bugs;
  for (const BrokenLock& lock : AllBrokenLocks()) {
    Bug bug = *none;
    bug.name = std::string(lock.name);
    bug.lock_type = &lock.generic;
    bug.broken = &lock;
    bugs.push_back(std::move(bug));
  }
  return bugs;
}

}  // namespace rqfuzz
