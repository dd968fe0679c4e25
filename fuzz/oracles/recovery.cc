#include "fuzz/oracles/recovery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

// The field of a CPU or of the shared area, in words.
std::string FieldName(const locks::LockType& type, const Event& event) {
  return std::string(
      (event.leftover == LeftoverPlace::kPerCpu ? type.per_cpu_fields : type.shared_fields)[event.field].name);
}

// Whether a CPU went offline or a caller keeps a lock.
bool AnythingInUse(const World& world) {
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (world.Offline(cpu) || !world.Entries(cpu).empty()) return true;
  }
  return false;
}

// Whether what is left belongs to a call that has not returned, on a CPU that went offline, or to a lock that its
// caller keeps.
bool IsStillInUse(const World& world, const Event& event) {
  const locks::LockType& type = *world.options().lock_type;
  if (event.leftover == LeftoverPlace::kShared) return AnythingInUse(world);
  if (event.leftover == LeftoverPlace::kPerCpu) {
    if (world.Offline(event.node_cpu)) return true;
    const std::size_t kept = world.Entries(event.node_cpu).size();
    const locks::FieldRole role = type.per_cpu_fields[event.field].role;
    if (role == locks::FieldRole::kTableCount) return event.new_value == kept;
    return role == locks::FieldRole::kTableSlot && event.node_index < kept;
  }
  for (unsigned cpu = 0; cpu < world.options().cpu_count; ++cpu) {
    if (!world.Offline(cpu)) continue;
    for (const int id : world.Entries(cpu)) {
      if (world.Get(id).lock == event.lock) return true;
    }
  }
  if (world.Owner(event.lock) == kNobody) return false;
  if (type.word.HasTickets()) return type.word.Next(event.new_value) == type.word.Served(event.new_value) + 1;
  return (event.new_value & ~type.word.locked_mask) == 0;
}

}  // namespace

void RecoveryOracle::OnEvent(const World& before, const Event& event, Report report) {
  if (IsStillInUse(before, event)) return;
  const locks::LockType& type = *before.options().lock_type;
  std::string cause;
  std::string words;
  if (!report.Wants(before.Spoilt() ? VerdictKind::kLimit : VerdictKind::kFinding)) return;
  if (event.leftover == LeftoverPlace::kLock) {
    std::string fields;
    const auto add = [&fields](bool set, std::string_view name) {
      if (set) absl::StrAppend(&fields, fields.empty() ? "" : "-", std::string(name));
    };
    add(type.word.Locked(event.new_value), "locked");
    add(type.word.Pending(event.new_value), "pending");
    add(type.word.Tail(event.new_value) != 0, "tail");
    cause = absl::StrCat(fields, "-left-in-the-word");
    words = absl::StrCat("the word of lock ", LockName(event.lock), " is not 0: ", fields, " still set.");
  } else {
    cause = absl::StrCat(FieldName(type, event), "-left");
    std::replace(cause.begin(), cause.end(), ' ', '-');
    words = event.leftover == LeftoverPlace::kPerCpu
                ? absl::StrCat("the ", FieldName(type, event), " of CPU ", event.node_cpu, " is not 0.")
                : absl::StrCat("the ", FieldName(type, event), " ", event.node_index, " is not 0.");
  }
  words = absl::StrCat("All calls have returned and every lock was released, but ", words);
  if (before.Spoilt()) {
    report.Limit(kUnrepaired, std::move(words));
  } else {
    report.Finding(std::move(cause), std::move(words));
  }
}

}  // namespace rqfuzz
