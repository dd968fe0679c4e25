// What an oracle is: a class that watches the events of one execution and reports when its promise is broken.
//
// An oracle has a name, the kinds of events that it wants to see, and three functions:
//   void Reset()                                              before an execution
//   void OnEvent(const World& before, const Event&, Report)   for each such event; `before` is the state before it
//   void OnEnd(const World&, Report)                          after the last event
// and, if it wants to be told that virtual time passes in which no CPU can run:
//   void OnTime(const World&, std::uint64_t passed_ns)        before the event that comes next
// It knows events and the world, nothing of scenarios, and no other oracle. It demands what the contract of
// section 10 says and no more; what the section lists as a known limit it reports as kLimit, by name.
// judge.cc lists the oracles.
#ifndef FUZZ_ORACLES_ORACLE_H_
#define FUZZ_ORACLES_ORACLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz/machine/event.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/oracles/world.h"

namespace rqfuzz {

using EventSet = std::uint32_t;

template <typename... Kinds>
constexpr EventSet Events(Kinds... kinds) {
  return ((EventSet{1} << static_cast<unsigned>(kinds)) | ... | 0U);
}

// What clocks may be late by, in waited time: jumps end a little after the moment that they aim at, and a waiter
// acts on its next consultation of the clock.
inline constexpr std::uint64_t kOneCheck_ns = 100'000;
// A wait that no clock ends: anything that jumps over more than this has waited.
inline constexpr std::uint64_t kPrompt_ns = 100'000;

// The known limit of locks that do not recover from timeouts: what one leaves behind, and what follows from that,
// but for two owners.
inline constexpr std::string_view kUnrepaired = "unrepaired-timeout";

// What an execution has led to so far, for the message of a rule that was broken in it.
inline std::string WhatCameOfIt(const Verdict& verdict) {
  return verdict.message.empty() ? "Nothing came of it this time." : "What came of it: " + verdict.message;
}

// An oracle as far as reports go.
struct Speaker {
  std::string_view name;
  unsigned rank = 0;  // among the oracles, in order of precedence
};

// What is kept of what the oracles report: the gravest; among equals that of the oracle which is listed first, and of
// that the earliest.
class Reports {
 public:
  void Reset() {
    if (verdict_.kind != VerdictKind::kPass) [[unlikely]] verdict_ = Verdict{};
    rank_ = 0;
  }
  // The event at which what follows is reported, or which it is about if it is known only at the end.
  void set_event(std::uint32_t index) { event_ = index; }
  const Verdict& verdict() const { return verdict_; }
  Verdict Take() { return verdict_.kind == VerdictKind::kPass ? Verdict{} : std::move(verdict_); }
  bool Wants(VerdictKind kind, const Speaker& speaker) const {
    return kind > verdict_.kind || (kind == verdict_.kind && speaker.rank < rank_);
  }
  void Keep(VerdictKind kind, const Speaker& speaker, std::string_view name, std::string cause, std::string message) {
    if (!Wants(kind, speaker)) return;
    verdict_ = {
        .kind = kind, .oracle = name, .cause = std::move(cause), .message = std::move(message), .event = event_};
    rank_ = speaker.rank;
  }

 private:
  Verdict verdict_;
  std::uint32_t event_ = 0;
  unsigned rank_ = 0;  // of the verdict's oracle
};

// An oracle's way to report. Passed by value, in registers: of an oracle that says nothing none is ever made.
class Report {
 public:
  // Both must stay.
  Report(Reports& reports, const Speaker& speaker) : reports_(&reports), speaker_(&speaker) {}
  // Whether a report of this kind would be kept: ask before building its texts.
  bool Wants(VerdictKind kind) const { return reports_->Wants(kind, *speaker_); }
  void Finding(std::string cause, std::string message) const {
    reports_->Keep(VerdictKind::kFinding, *speaker_, speaker_->name, std::move(cause), std::move(message));
  }
  // `name`: of the known limit. It must outlive the report.
  void Limit(std::string_view name, std::string message) const {
    reports_->Keep(VerdictKind::kLimit, *speaker_, name, {}, std::move(message));
  }
  void Caller(std::string_view rule, std::string message) const {
    reports_->Keep(VerdictKind::kCaller, *speaker_, rule, {}, std::move(message));
  }
  void Machine(std::string_view rule, std::string message) const {
    reports_->Keep(VerdictKind::kMachine, *speaker_, rule, {}, std::move(message));
  }
  // For what is reported at the end about an earlier event.
  void set_event(std::uint32_t index) const { reports_->set_event(index); }
  // Of what has been reported so far.
  const Verdict& verdict() const { return reports_->verdict(); }

 private:
  Reports* reports_;
  const Speaker* speaker_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_ORACLE_H_
