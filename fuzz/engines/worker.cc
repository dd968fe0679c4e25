#include "fuzz/engines/worker.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/fuzz_target.h"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*test_one_input)(const std::uint8_t* data, std::size_t size));

namespace rqfuzz {
namespace {

// Longest that one execution may take on the host's clock before it counts as a fault of the tool.
constexpr int kExecutionLimit_s = 30;

// Holds back SIGTERM, by which the campaign ends its workers, while a finding is written.
class TerminationDelay {
 public:
  TerminationDelay() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, &before_);
  }
  ~TerminationDelay() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  TerminationDelay(const TerminationDelay&) = delete;
  TerminationDelay& operator=(const TerminationDelay&) = delete;

 private:
  sigset_t before_;
};

class StoringSink : public FindingSink {
 public:
  explicit StoringSink(const WorkerTask& task) : task_(task), stats_(task.stats->worker(task.index)) {}

  void CountExecution() override { stats_.CountExecution(); }

  void Report(const Scenario& scenario, const Verdict& verdict) override {
    const std::uint64_t hash = CauseHash(verdict.oracle, verdict.cause);
    if (stats_.HasCause(hash)) return;
    const TerminationDelay delay;
    if (task_.known->Find(*scenario.lock_type, verdict.oracle, verdict.cause) == nullptr) Keep(scenario, verdict);
    stats_.AddCause(hash);
  }

 private:
  void Keep(const Scenario& scenario, const Verdict& verdict) {
    Finding finding;
    finding.oracle = verdict.oracle;
    finding.cause = verdict.cause;
    finding.message = verdict.message;
    finding.seed = task_.seed;
    finding.executions = task_.stats->Executions();
    finding.seconds = task_.stats->Seconds();
    finding.scenario = scenario;
    const absl::StatusOr<bool> kept = task_.store->Keep(finding);
    if (!kept.ok()) {
      std::fprintf(stderr, "%s\n", std::string(kept.status().message()).c_str());
      std::_Exit(kToolFailed);
    }
    if (*kept) task_.stats->FindingKept();
  }

  const WorkerTask& task_;
  WorkerStats& stats_;
};

}  // namespace

void RunWorker(const WorkerTask& task) {
  static StoringSink sink(task);
  SetCampaignTarget(*task.choice, task.requested, &sink);
  std::vector<std::string> arguments = {
      "rqfuzz",
      absl::StrFormat("-seed=%d", task.fuzzer_seed),
      absl::StrFormat("-reload=%d", task.shares_corpus ? 1 : 0),
      absl::StrFormat("-artifact_prefix=%s/", task.crashes),
      absl::StrFormat("-timeout=%d", kExecutionLimit_s),
      "-entropic=0",
      "-max_len=4096",
      "-len_control=0",
      "-print_final_stats=0",
      "-use_value_profile=0",
      "-handle_int=0",  // the campaign decides what ends its workers
      "-handle_term=0",
      task.corpus,
  };
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(arguments.size());
  char** argv_data = argv.data();
  std::exit(LLVMFuzzerRunDriver(&argc, &argv_data, LLVMFuzzerTestOneInput));
}

}  // namespace rqfuzz
