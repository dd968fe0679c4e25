// Node safety: nobody touches a queue node after its owner has left. A node belongs to the acquire that last
// published it as the tail. Another CPU has business with it only while that acquire waits, and only as the waiter
// directly ahead of it or behind it in the queue. For a lock that does not recover from timeouts, what follows a
// timeout is the known limit `unrepaired-timeout`.
#ifndef FUZZ_ORACLES_NODE_SAFETY_H_
#define FUZZ_ORACLES_NODE_SAFETY_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NodeSafetyOracle {
 public:
  static constexpr std::string_view kName = "node-safety";
  static constexpr EventSet kEvents = Events(EventKind::kNodeTouch, EventKind::kWildAccess);

  void Reset() {
    cause_.clear();
    message_.clear();
  }
  void OnEvent(const World& before, const Event& event, Report report) {
    if (!report.Wants(VerdictKind::kFinding)) return;
    if (event.kind == EventKind::kWildAccess) {
      report.Finding("wild-access", absl::StrCat("CPU ", event.cpu, " used ",
                                                 event.new_value == 0 ? "a null pointer" : "a wild pointer", " at ",
                                                 Duration(event.time_ns), "."));
      return;
    }
    const int toucher = before.Current(event.cpu, event.depth);
    const int owner = event.node_cpu < before.options().cpu_count
                          ? before.NodeOwner(event.node_cpu, event.node_index)
                          : kNobody;
    if (toucher != kNobody && owner != kNobody && before.Get(owner).stage == Stage::kAttempting &&
        (before.Get(toucher).ahead == owner || before.Get(owner).ahead == toucher)) {
      return;
    }
    const bool left = owner == kNobody || before.Get(owner).stage != Stage::kAttempting;
    if (!before.contract().recovers_after_timeout && !message_.empty()) return;
    cause_ = absl::StrCat(event.node_access == NodeAccess::kRead ? "read-" : "write-",
                          left ? "after-its-owner-left" : "by-a-stranger");
    message_ = absl::StrCat("CPU ", event.cpu, event.node_access == NodeAccess::kRead ? " read" : " wrote",
                            " queue node ", event.node_index, " of CPU ", event.node_cpu, " at ",
                            Duration(event.time_ns),
                            left ? ", whose owner has left the queue."
                                 : ", which belongs to a waiter that is not its neighbour in the queue.");
    if (before.contract().recovers_after_timeout) report.Finding(std::move(cause_), std::move(message_));
  }
  // A waiter may have given up without having returned its error yet: whether there was one is known at the end.
  void OnEnd(const World& world, Report report) {
    if (!message_.empty()) [[unlikely]] OnOffence(world, report);
  }

 private:
  void OnOffence(const World& world, Report report) {
    if (world.contract().recovers_after_timeout) return;
    if (!world.Spoilt()) return report.Finding(std::move(cause_), std::move(message_));
    if (report.Wants(VerdictKind::kLimit)) report.Limit(kUnrepaired, std::move(message_));
  }

  // The first offence of a lock that does not recover from timeouts.
  std::string cause_;
  std::string message_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NODE_SAFETY_H_
