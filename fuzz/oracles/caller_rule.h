// The rule for callers (section 9): a lock that is ever taken in softirq or hardirq context is taken with
// interrupts off everywhere. A scenario that breaks it is the caller's fault, whatever else happens in it.
#ifndef FUZZ_ORACLES_CALLER_RULE_H_
#define FUZZ_ORACLES_CALLER_RULE_H_

#include <bitset>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

class CallerRuleOracle {
 public:
  static constexpr std::string_view kName = "caller-rule";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireBegin);

  void Reset() {
    in_interrupt_.reset();
    interrupts_on_.reset();
  }
  void OnEvent(const World&, const Event& event, Report) {
    if (event.interrupt == ContextKind::kSoftirq || event.interrupt == ContextKind::kHardirq) [[unlikely]] {
      in_interrupt_.set(event.lock);
    }
    const auto entry_point = static_cast<EntryPoint>(event.entry_point);
    const bool saves = entry_point == EntryPoint::kIrqsave || entry_point == EntryPoint::kBpfIrqsave;
    if (!event.interrupts_off && !saves) interrupts_on_.set(event.lock);
  }
  void OnEnd(const World&, Report report) {
    const auto broken = in_interrupt_ & interrupts_on_;
    if (broken.any()) [[unlikely]] OnBroken(broken, report);
  }

 private:
  using Locks = std::bitset<kMachineLocksMax>;
  static void OnBroken(const Locks& broken, Report report) {
    unsigned lock = 0;
    while (!broken.test(lock)) ++lock;
    report.Caller(
        kName, absl::StrCat("Lock ", LockName(lock), " is taken in an interrupt and, elsewhere, with interrupts on. ",
                            WhatCameOfIt(report.verdict())));
  }

  Locks in_interrupt_;
  Locks interrupts_on_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_CALLER_RULE_H_
