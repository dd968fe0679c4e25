// Node safety: nobody touches a queue node after its owner has left. A node belongs to the acquire that last
// published it as the tail. Another CPU has business with it only while that acquire waits, and only as the waiter
// directly ahead of it or behind it in the queue.
#ifndef FUZZ_ORACLES_NODE_SAFETY_H_
#define FUZZ_ORACLES_NODE_SAFETY_H_

#include "absl/strings/str_cat.h"
#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class NodeSafetyOracle {
 public:
  static constexpr std::string_view kName = "node-safety";
  static constexpr EventSet kEvents = Events(EventKind::kNodeTouch, EventKind::kWildAccess);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report& report) {
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
    if (before.Spoilt()) {
      report.Limit(kUnrepaired, absl::StrCat("At ", Duration(event.time_ns), " CPU ", event.cpu, " used queue node ",
                                             event.node_index, " of CPU ", event.node_cpu,
                                             ", which a waiter that timed out has left in the queue."));
      return;
    }
    const bool left = owner == kNobody || before.Get(owner).stage != Stage::kAttempting;
    report.Finding(absl::StrCat(event.node_access == NodeAccess::kRead ? "read-" : "write-",
                                left ? "after-its-owner-left" : "by-a-stranger"),
                   absl::StrCat("CPU ", event.cpu, event.node_access == NodeAccess::kRead ? " read" : " wrote",
                                " queue node ", event.node_index, " of CPU ", event.node_cpu, " at ",
                                Duration(event.time_ns),
                                left ? ", whose owner has left the queue."
                                     : ", which belongs to a waiter that is not its neighbour in the queue."));
  }
  void OnEnd(const World&, Report&) {}
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_NODE_SAFETY_H_
