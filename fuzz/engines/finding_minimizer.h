// Minimises a campaign's findings, one after the other, in processes of their own: neither the workers' coverage nor
// the parent's patience suffers.
//
// A finding that cannot be minimised, because its process fails or takes too long, is tried once and stays as it was
// found.
#ifndef FUZZ_ENGINES_FINDING_MINIMIZER_H_
#define FUZZ_ENGINES_FINDING_MINIMIZER_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

#include "fuzz/engines/finding_store.h"

namespace rqfuzz {

// What happens in a scenario, in lines for people. The room of reports knows this one, so it is handed down from
// above.
using Explain = std::string (*)(const Scenario& scenario);

class FindingMinimizer {
 public:
  // `explain` may be null. `log`: file for what the processes print. `store` must outlive this object.
  FindingMinimizer(const FindingStore& store, Explain explain, std::string log)
      : store_(store), explain_(explain), log_(std::move(log)) {}

  bool IsRunning() const { return child_ > 0; }

  // Starts on the first of the findings that is not minimised and was not tried. No effect while running.
  void StartNext(const std::vector<Finding>& findings, double now_seconds);
  // To be called for each child that ended. Returns whether it was this object's; `failure` then says what went
  // wrong, if anything did.
  bool ChildEnded(pid_t child, int wait_status, std::optional<std::string>& failure);
  // Kills a process that has been running for too long.
  void EnforceLimit(double now_seconds);
  // Kills the process. What it worked on stays as it was found.
  void Stop();

 private:
  const FindingStore& store_;
  Explain explain_;
  std::string log_;
  std::set<std::string> tried_;  // paths
  std::string current_;          // path
  pid_t child_ = 0;
  double start_seconds_ = 0;
  bool stopped_ = false;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_FINDING_MINIMIZER_H_
