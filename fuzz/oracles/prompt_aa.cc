#include "fuzz/oracles/prompt_aa.h"

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace rqfuzz {
namespace {

// Where the holder stood in its own call.
std::string_view HolderStage(const Acquire& holder) {
  switch (holder.stage) {
    case Stage::kAttempting: return "that has taken it but not returned yet";
    case Stage::kOwning: return "that owns it";
    case Stage::kReleasing: return "that has begun to release it but not freed it yet";
    case Stage::kGone: break;
  }
  return "that is gone";
}

std::string_view HolderSlug(const Acquire& holder) {
  switch (holder.stage) {
    case Stage::kAttempting: return "acquiring";
    case Stage::kOwning: return "in-section";
    case Stage::kReleasing: return "releasing";
    case Stage::kGone: break;
  }
  return "gone";
}

}  // namespace

void PromptAaOracle::OnError(const World& before, const Event& event, Report report) {
  const Acquire& acquire = before.Get(before.Current(event.cpu, event.depth));
  const int holder_id = before.HolderBelow(acquire);
  if (holder_id == kNobody || !before.contract().detects_aa) return;
  if (acquire.held_below >= before.contract().held_locks_max) return;
  const std::uint64_t waited_ns = before.WaitedNs(acquire);
  const bool prompt = waited_ns < kPrompt_ns;
  if ((event.result == -EDEADLK && prompt) || !report.Wants(VerdictKind::kFinding)) return;
  const Acquire& holder = before.Get(holder_id);
  report.Finding(
      absl::StrCat("holder-", std::string(HolderSlug(holder)), event.result == -EDEADLK ? "-late-as-" : "-missed-as-",
                   std::string(RoleSlug(acquire.role))),
      absl::StrCat(Who(acquire), " tried lock ", LockName(acquire.lock), " on top of an acquire of the same CPU ",
                   std::string(HolderStage(holder)), " (AA): it got ",
                   event.result == -EDEADLK ? "-EDEADLK" : "-ETIMEDOUT", " after waiting ", Duration(waited_ns),
                   " as ", std::string(RoleName(acquire.role)), "; -EDEADLK was due at once."));
}

}  // namespace rqfuzz
