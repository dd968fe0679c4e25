// Fair: without errors, waiters in the queue get the lock in the order in which they joined it.
#ifndef FUZZ_ORACLES_FAIR_H_
#define FUZZ_ORACLES_FAIR_H_

#include <vector>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class FairOracle {
 public:
  static constexpr std::string_view kName = "fair";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() { overtakings_.clear(); }
  void OnEvent(const World& before, const Event& event, Report) {
    const int id = before.Current(event.cpu, event.depth);
    if (event.result == 0 && before.Get(id).was_queued && before.contract().fifo) [[unlikely]]
      OnQueuedOwner(before, event, id);
  }
  void OnEnd(const World& world, Report report) {
    if (!overtakings_.empty() && !world.Spoilt()) [[unlikely]] OnOvertakings(world, report);
  }

 private:
  void OnQueuedOwner(const World& before, const Event& event, int id) {
    for (const int other : before.Queue(event.lock)) {
      if (other == id) break;
      // Who has taken the word already is not overtaken: it only has not returned yet.
      if (!before.Get(other).took_word) overtakings_.push_back({.first = other, .second = id});
    }
  }
  void OnOvertakings(const World& world, Report report) const {
    for (const auto& [first, second] : overtakings_) {
      // Who left with an error had given up its place.
      if (world.Get(first).result != 0 || world.Get(first).stage == Stage::kAttempting) continue;
      if (!report.Wants(VerdictKind::kFinding)) continue;
      report.Finding("overtaken-in-the-queue",
                     absl::StrCat(Who(world.Get(second)), " got lock ", LockName(world.Get(second).lock),
                                  " before ", Who(world.Get(first)), ", which had joined its queue earlier."));
    }
  }

  struct Overtaking {
    int first;
    int second;
  };
  std::vector<Overtaking> overtakings_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_FAIR_H_
