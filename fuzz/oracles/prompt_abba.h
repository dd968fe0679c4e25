// Prompt ABBA: of two waiters with a clock, each holding what the other wants, one returns within the interval of
// the lock's checks and one check, in time in which its CPU ran: so they are late when both have run for longer. Not
// demanded while a third CPU names one of the two locks below its newest entry (the known limit `hidden-abba`), nor
// beyond the held-lock table. A waiter that has seen the deadlock may still be held up by a successor that owes it a
// link: what the two ran while both were is excused, and if only that made them late, the limit is `owed-hand-over`.
//
// Invariant: `pairs_[c][d]`, c < d, counts how long the two waiters that it names have stood in that state.
#ifndef FUZZ_ORACLES_PROMPT_ABBA_H_
#define FUZZ_ORACLES_PROMPT_ABBA_H_

#include <array>

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

// Whether a CPU other than the two names one of the two locks below its newest entry.
bool HiddenByThird(const World& world, const Acquire& one, const Acquire& other);

class PromptAbbaOracle {
 public:
  static constexpr std::string_view kName = "prompt-abba";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() {
    if (any_pair_) [[unlikely]] Forget();
  }
  void OnTime(const World& world, std::uint64_t passed_ns) {
    if (world.contract().detects_abba && world.options().lock_count > 1) Age(world, passed_ns);
  }
  void OnEvent(const World& before, const Event& event, Report report) {
    if (any_pair_) [[unlikely]] OnReturn(before, event, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  // Time in which the waiter's CPU was not stolen.
  struct Wait {
    void Add(std::uint64_t passed_ns, bool is_excused) {
      waited_ns += passed_ns;
      if (is_excused) excused_ns += passed_ns;
    }
    std::uint64_t waited_ns = 0;
    std::uint64_t excused_ns = 0;  // of it: both waiters of the pair were owed a link
  };
  struct Pair {
    int one = kNobody;
    int other = kNobody;
    Wait wait_of_one;
    Wait wait_of_other;
  };
  void Forget();
  void OnReturn(const World& before, const Event& event, Report report);
  void Age(const World& before, std::uint64_t passed_ns);
  void Judge(const World& before, const Event& event, const Pair& pair, Report report);

  bool any_pair_ = false;
  std::array<std::array<Pair, kMachineCpusMax>, kMachineCpusMax> pairs_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_PROMPT_ABBA_H_
