// What the tests of the oracles share: the verdict of a scenario given as text, in one line of words, and executions
// written by hand for promises that no revision breaks.
#ifndef FUZZ_ORACLES_TESTING_JUDGED_H_
#define FUZZ_ORACLES_TESTING_JUDGED_H_

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/oracles/judge.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

// "pass", "limit torn-scan", "finding prompt-aa holder-in-section-waiter-pending".
inline std::string InWords(const Verdict& verdict) {
  std::string words(VerdictKindName(verdict.kind));
  for (const std::string_view word : {verdict.oracle, std::string_view(verdict.cause)}) {
    if (!word.empty()) absl::StrAppend(&words, " ", std::string(word));
  }
  return words;
}

// The scenario of `text`, whose `lock` line is left out, on `revision`. REQUIRES: it can be read.
inline Scenario ScenarioOf(std::string_view revision, std::string_view text, std::string_view build = "generic") {
  const std::string whole = absl::StrCat("lock rqspinlock ", std::string(revision), " ", std::string(build), "\n",
                                         std::string(text));
  const absl::StatusOr<ScenarioFile> file = ParseText("test", whole);
  if (!file.ok()) std::fprintf(stderr, "%s\n", std::string(file.status().message()).c_str());
  RQFUZZ_CHECK(file.ok());
  return file->scenario;
}

inline std::string Judged(std::string_view revision, std::string_view text) {
  return InWords(Play(ScenarioOf(revision, text)).verdict);
}

// Purpose: an execution written by hand, event by event, of task contexts and raw entry points.
//
// Invariants:
//  1. Each event comes 10 ns after the one before it; Wait() lets time pass in a jump, as when no CPU can run.
//  2. `words` is what Word() last wrote.
class WrittenExecution {
 public:
  explicit WrittenExecution(unsigned cpu_count, unsigned lock_count = 1) {
    options_.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
    options_.cpu_count = cpu_count;
    options_.lock_count = lock_count;
    words_.resize(lock_count);
  }

  Event& Add(EventKind kind, unsigned cpu) {
    time_ns_ += 10;
    Event event;
    event.kind = kind;
    event.cpu = static_cast<std::uint8_t>(cpu);
    event.time_ns = time_ns_;
    event.jumped_ns = jumped_ns_;
    events_.push_back(event);
    return events_.back();
  }
  WrittenExecution& Wait(std::uint64_t duration_ns) {
    time_ns_ += duration_ns;
    jumped_ns_ += duration_ns;
    return *this;
  }
  WrittenExecution& Begin(unsigned cpu, unsigned lock = 0) { return Call(EventKind::kAcquireBegin, cpu, lock, 0, 0); }
  WrittenExecution& End(unsigned cpu, int result, unsigned lock = 0) {
    return Call(EventKind::kAcquireEnd, cpu, lock, result, result == 0);
  }
  WrittenExecution& Release(unsigned cpu, unsigned lock = 0) {
    Call(EventKind::kReleaseBegin, cpu, lock, 0, 1);
    Word(cpu, words_[lock] & ~0xffU, lock);
    return Call(EventKind::kReleaseEnd, cpu, lock, 0, 0);
  }
  // A whole acquire by the fast path.
  WrittenExecution& Take(unsigned cpu, unsigned lock = 0) {
    Begin(cpu, lock);
    Word(cpu, words_[lock] | 1, lock);
    return End(cpu, 0, lock);
  }
  WrittenExecution& Word(unsigned cpu, std::uint32_t value, unsigned lock = 0) {
    Event& event = Add(EventKind::kWordWrite, cpu);
    event.lock = static_cast<std::uint8_t>(lock);
    event.old_value = words_[lock];
    event.new_value = words_[lock] = value;
    return *this;
  }
  // CPU `cpu` begins an acquire and publishes its node 0 as the tail.
  WrittenExecution& Queue(unsigned cpu, unsigned lock = 0) {
    Begin(cpu, lock);
    return Word(cpu, (words_[lock] & 0xffffU) | (cpu + 1) << 18, lock);
  }
  // CPU `cpu` touches node 0 of `node_cpu`.
  WrittenExecution& Touch(unsigned cpu, unsigned node_cpu, NodeAccess access, std::uint32_t value = 0) {
    Event& event = Add(EventKind::kNodeTouch, cpu);
    event.node_cpu = static_cast<std::uint8_t>(node_cpu);
    event.node_access = access;
    event.new_value = value;
    return *this;
  }
  WrittenExecution& HandOver(unsigned cpu, unsigned node_cpu) {
    return Touch(cpu, node_cpu, NodeAccess::kWriteLocked, 1);
  }
  std::uint32_t word(unsigned lock = 0) const { return words_[lock]; }

  std::string Judged() {
    Add(EventKind::kEnd, 0);
    return InWords(Judge(events_, options_));
  }

 private:
  WrittenExecution& Call(EventKind kind, unsigned cpu, unsigned lock, int result, int preempt_count) {
    Event& event = Add(kind, cpu);
    event.lock = static_cast<std::uint8_t>(lock);
    event.result = static_cast<std::int16_t>(result);
    event.preempt_count = static_cast<std::uint8_t>(preempt_count);
    return *this;
  }

  WorldOptions options_;
  std::vector<Event> events_;
  std::vector<std::uint32_t> words_;
  std::uint64_t time_ns_ = 0;
  std::uint64_t jumped_ns_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_TESTING_JUDGED_H_
