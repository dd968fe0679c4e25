#include "fuzz/oracles/recovery.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rqfuzz {

void RecoveryOracle::OnEvent(const World& before, const Event& event, Report& report) {
  if (!report.Wants(VerdictKind::kFinding)) return;
  const locks::LockType& type = *before.options().lock_type;
  if (event.lock != kNoLock) {
    std::string fields;
    const auto add = [&fields](bool set, std::string_view name) {
      if (set) absl::StrAppend(&fields, fields.empty() ? "" : "-", std::string(name));
    };
    add(type.word.Locked(event.new_value), "locked");
    add(type.word.Pending(event.new_value), "pending");
    add(type.word.Tail(event.new_value) != 0, "tail");
    report.Finding(absl::StrCat(fields, "-left-in-the-word"),
                   absl::StrCat("All calls have returned and every lock was released, but the word of lock ",
                                LockName(event.lock), " is not 0: ", fields, " still set."));
    return;
  }
  std::string name(type.per_cpu_fields[event.field].name);
  std::replace(name.begin(), name.end(), ' ', '-');
  report.Finding(absl::StrCat(name, "-left"),
                 absl::StrCat("All calls have returned and every lock was released, but the ",
                              std::string(type.per_cpu_fields[event.field].name), " of CPU ", event.node_cpu,
                              " is not 0."));
}

}  // namespace rqfuzz
