// The promises of section 10, restated.
#ifndef TESTS_SECOND_OPINION_PROMISES_H_
#define TESTS_SECOND_OPINION_PROMISES_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "tests/second_opinion/retelling.h"

namespace rqfuzz::second_opinion {

// What the trace cannot tell.
struct Settings {
  bool spins_on_trylock = false;  // a revision that waits where later ones refuse
  bool unusual_time = false;      // the scenario sets clocks or speeds
};

struct Opinion {
  std::set<std::string> broken;
  std::set<std::string> unsure;  // among them, perhaps: nothing is said of these
};

class Promises {
 public:
  explicit Promises(const Settings& settings) : settings_(settings) {}
  Opinion Judge(std::span<const TraceLine> trace);

 private:
  // `result` is what the call `id` is about to return.
  void OnAcquireReturns(int id, const std::string& result);
  void OnLine(const TraceLine& line);

  // At most one owner at any time.
  void Exclusion(int id, const std::string& result);
  // No acquire waits for ever.
  void NoHang(const TraceLine& line);
  // If a lower context of this CPU holds the lock, -EDEADLK without waiting.
  void PromptAa(int id, const std::string& result);
  // An NMI never waits for a lock that a lower context of its CPU attempts.
  void Nmi(int id);
  // Two waiters with a clock, each owning what the other wants: one of them returns within 1 ms.
  void PromptAbba();
  void OnReturnOfAbba(int id);
  // 250 ms as pending waiter, 500 ms as head.
  void OwnLimit(int id);
  // 500 ms for each waiter ahead, and the sections that they own.
  void InheritedLimit(int id);
  // No error without its cause.
  void ErrorCause(int id, const std::string& result);
  void ErrorCauseOfTheTold(int id);
  // Who waits behind others is not told of a deadlock that is theirs.
  void Bystanders(int id);
  // When all is over, everything is at rest.
  void Recovery(const TraceLine& line);
  // Nobody touches a queue node after its owner has left.
  void NodeSafety(const TraceLine& line);
  // The queue is served in order.
  void Fair(int id, const std::string& result);
  // Preemption and interrupts are after a call what they were before.
  void Context(int id, int preempt_due, int irq_due);
  // A BPF entry point that fails says so in the log, once, in time.
  void ViolationReport(int id, const std::string& result);

  void Say(const std::string& promise) { opinion_.broken.insert(promise); }
  void Unsure(const std::string& promise) { opinion_.unsure.insert(promise); }
  int Root(int id) const;  // of the destroy markers

  const Settings settings_;
  Retelling told_;
  Opinion opinion_;
  std::set<std::pair<int, int>> overtakings_;
  std::map<std::pair<int, int>, std::uint64_t> abba_ns_;  // how long the first of the two is without excuse
};

}  // namespace rqfuzz::second_opinion

#endif  // TESTS_SECOND_OPINION_PROMISES_H_
