// A rule for callers of locks that are not usable in NMIs: an NMI does not take a lock that what it interrupted
// holds or attempts. Like the caller's rule of section 9, it tells what came of it.
#ifndef FUZZ_ORACLES_NOT_USABLE_IN_NMI_H_
#define FUZZ_ORACLES_NOT_USABLE_IN_NMI_H_

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NotUsableInNmiOracle {
 public:
  static constexpr std::string_view kName = "not-usable-in-nmi";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireBegin);

  void Reset() { cpu_ = kMachineCpusMax; }
  void OnEvent(const World& before, const Event& event, Report) {
    if (event.context != ContextKind::kNmi || before.contract().usable_in_nmi || cpu_ != kMachineCpusMax) [[likely]] return;
    for (const int id : before.Entries(event.cpu)) {
      if (before.Get(id).lock != event.lock || before.Get(id).context == ContextKind::kNmi) continue;
      cpu_ = event.cpu;
      lock_ = event.lock;
      return;
    }
  }
  void OnEnd(const World& world, Report report) {
    if (cpu_ != kMachineCpusMax) [[unlikely]] OnUse(world, report);
  }

 private:
  void OnUse(const World& world, Report report) const {
    if (!report.Wants(VerdictKind::kCaller)) return;
    report.Caller(kName, absl::StrCat("An NMI on CPU ", cpu_, " takes lock ", LockName(lock_),
                                      ", which what it interrupted holds or attempts; ",
                                      std::string(world.options().lock_type->name), " is not usable so. ",
                                      WhatCameOfIt(report.verdict())));
  }

  unsigned cpu_ = kMachineCpusMax;  // of the first such NMI; kMachineCpusMax: none
  unsigned lock_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NOT_USABLE_IN_NMI_H_
