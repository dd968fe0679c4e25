// What each injector contributes: how often it fires among scenarios that are drawn, mutated and kept as in a
// campaign, and what of the lock's code and of its abstract states only executions in which it fired have reached.
#ifndef FUZZ_ENGINES_INJECTOR_STUDY_H_
#define FUZZ_ENGINES_INJECTOR_STUDY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "fuzz/play/fired.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// Invariants:
//  1. Of everything that was reached, `common` has the injectors that fired in every execution that reached it.
//  2. What is done next is a function of the seed and of what was reached; only when to stop depends on time.
// Needs the locks with their coverage counters; see coverage.h.
class InjectorStudy {
 public:
  explicit InjectorStudy(std::uint64_t seed);

  // Plays scenarios of all revisions in turn for so long.
  void Run(double seconds);

  std::uint64_t executions() const { return executions_; }
  // Executions in which it fired.
  std::uint64_t FiredCount(Injector injector) const { return fired_[static_cast<std::size_t>(injector)]; }
  bool BlockIsReached(std::size_t block) const { return blocks_[block].reached; }
  std::size_t block_count() const { return blocks_.size(); }
  unsigned ReachedStates() const;
  // How many blocks and states were reached in no execution without it.
  unsigned BlocksOnlyWith(Injector injector) const { return OnlyWith(blocks_, injector); }
  unsigned StatesOnlyWith(Injector injector) const { return OnlyWith(states_, injector); }

 private:
  struct Reached {
    bool reached = false;
    Injectors common;
  };

  static unsigned OnlyWith(const std::vector<Reached>& things, Injector injector);
  static bool Reach(Reached& thing, const Injectors& fired);
  Scenario Next();
  void Play(const Scenario& scenario);

  Random random_;
  Injectors swarm_;
  unsigned swarm_left_ = 0;
  std::size_t revision_ = 0;
  std::vector<Scenario> corpus_;  // those that reached something new, the long ones left out
  std::uint64_t executions_ = 0;
  std::array<std::uint64_t, kInjectorCount> fired_{};
  std::vector<Reached> blocks_;
  std::vector<Reached> states_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_INJECTOR_STUDY_H_
