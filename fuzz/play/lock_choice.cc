#include "fuzz/play/lock_choice.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rqfuzz {
namespace {

// The distinct names that `name_of` gives to the rows, in their order.
template <typename NameOf>
std::vector<std::string> Names(const NameOf& name_of) {
  std::vector<std::string> names;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    const std::string_view name = name_of(type);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }
  return names;
}

}  // namespace

absl::StatusOr<LockChoice> LockChoice::Find(std::string_view lock, std::string_view revision) {
  if (lock.empty()) lock = "rqspinlock";
  std::vector<const locks::LockType*> rows;
  bool lock_exists = false;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    if (type.name != lock) continue;
    if (!lock_exists && revision.empty()) revision = type.revision;
    lock_exists = true;
    if (type.revision == revision) rows.push_back(&type);
  }
  if (!rows.empty()) return LockChoice(std::move(rows));
  if (!lock_exists) {
    const auto names = Names([](const locks::LockType& type) { return type.name; });
    return absl::InvalidArgumentError(
        absl::StrFormat("there is no lock \"%s\"; choose one of: %s", lock, absl::StrJoin(names, ", ")));
  }
  const auto revisions =
      Names([lock](const locks::LockType& type) { return type.name == lock ? type.revision : std::string_view(); });
  if (revisions.empty()) return absl::InvalidArgumentError(absl::StrFormat("%s has no revisions; name none", lock));
  return absl::InvalidArgumentError(absl::StrFormat("%s has no revision \"%s\"; choose one of: %s", lock, revision,
                                                    absl::StrJoin(revisions, ", ")));
}

std::string LockChoice::Name() const {
  if (type().revision.empty()) return std::string(type().name);
  return absl::StrFormat("%s %s", type().name, type().revision);
}

void LockChoice::ApplyTo(Scenario& scenario) const {
  for (const locks::LockType* row : rows_) {
    if (row == scenario.lock_type) return;
  }
  for (const locks::LockType* row : rows_) {
    if (scenario.lock_type != nullptr && row->build == scenario.lock_type->build) {
      scenario.lock_type = row;
      return;
    }
  }
  scenario.lock_type = rows_.front();
}

}  // namespace rqfuzz
