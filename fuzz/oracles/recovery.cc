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

}  // namespace


void RecoveryOracle::OnEvent(const World& before, const Event& event, Report& report) {
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
