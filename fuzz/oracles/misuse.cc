#include "fuzz/oracles/misuse.h"

namespace rqfuzz {
namespace {

std::string OwnedBy(const World& world, const Event& event) {
  const int owner = world.Owner(event.lock);
  return owner == kNobody ? "which nobody owns" : absl::StrCat("which ", Who(world.Get(owner)), " owns");
}

}  // namespace

void MisuseOracle::OnEvent(const World& before, const Event& event, Report) {
  if (!rule_.empty()) return;
  const std::string caller = absl::StrCat("CPU ", event.cpu, " (", std::string(ContextName(event.context)), ")");
  const std::string lock = absl::StrCat("lock ", LockName(event.lock));
  const std::string when = Duration(event.time_ns);
  switch (event.misuse) {
    case Misuse::kOutOfOrder:
      rule_ = "unlock-out-of-order";
      offence_ = absl::StrCat(caller, " releases ", lock, " at ", when, " before a lock that it acquired later.");
      break;
    case Misuse::kStrayRelease:
      rule_ = "unlock-without-lock";
      offence_ = absl::StrCat(caller, " releases ", lock, " at ", when, ", ", OwnedBy(before, event), ".");
      break;
    case Misuse::kIgnoredError:
      rule_ = "ignored-error";
      offence_ = absl::StrCat(caller, " ignores an error at ", when, " and enters the section of ", lock, ", ",
                              OwnedBy(before, event), before.Owner(event.lock) == kNobody ? "." : ": two owners.");
      break;
  }
}

void MisuseOracle::OnOffence(Report report) const {
  report.Caller(rule_, absl::StrCat(offence_, " ", WhatCameOfIt(report.verdict())));
}

}  // namespace rqfuzz
