#include "fuzz/engines/worker_pool.h"

#include <algorithm>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "fuzz/engines/afl_finds.h"
#include "fuzz/engines/afl_worker.h"
#include "fuzz/engines/child_process.h"
#include "fuzz/engines/worker.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {
namespace {

constexpr unsigned kDeathsMax = 3;

}  // namespace

absl::Status WorkerPool::StartAll() {
  absl::Status status;
  for (unsigned i = 0; i < workers_.size(); ++i) {
    unlink(LogOf(i).c_str());
    status.Update(Start(i));
  }
  return status;
}

absl::Status WorkerPool::Start(unsigned index) {
  Worker& worker = workers_[index];
  Random random(Random(plan_.seed).Next() + index + worker.deaths * kJobsMax);
  const std::uint32_t fuzzer_seed = static_cast<std::uint32_t>(random.Next()) | 1;
  const absl::StatusOr<pid_t> process =
      plan_.workers[index] == Engine::kAfl ? StartAfl(index, fuzzer_seed) : StartLibFuzzer(index, fuzzer_seed);
  if (!process.ok()) return process.status();
  worker.process = *process;
  return absl::OkStatus();
}

absl::StatusOr<pid_t> WorkerPool::StartLibFuzzer(unsigned index, std::uint32_t fuzzer_seed) const {
  WorkerTask task;
  task.index = index;
  task.fuzzer_seed = fuzzer_seed;
  task.shares_corpus = plan_.jobs() > 1;
  task.corpus = plan_.folders.corpus;
  task.crashes = plan_.folders.crashes;
  task.choice = &plan_.choice;
  task.requested = plan_.requested;
  task.known = &plan_.known;
  task.store = &store_;
  task.stats = &stats_;
  return StartChild(LogOf(index), [&task] { RunWorker(task); });
}

absl::StatusOr<pid_t> WorkerPool::StartAfl(unsigned index, std::uint32_t fuzzer_seed) const {
  AflTask task;
  task.index = index;
  task.is_main = std::find(plan_.workers.begin(), plan_.workers.end(), Engine::kAfl) - plan_.workers.begin() == index;
  task.fuzzer_seed = fuzzer_seed;
  task.name = AflInstanceName(plan_.name, index, workers_[index].deaths);
  task.folder = plan_.folders.afl;
  task.corpus = plan_.folders.corpus;
  task.findings = plan_.folders.findings;
  task.programs = &plan_.afl;
  task.with = plan_.with;
  task.choice = &plan_.choice;
  task.stats = &stats_;
  return StartChild(LogOf(index), [&task] { RunAflWorker(task); });
}

bool WorkerPool::AnyRuns() const {
  for (const Worker& worker : workers_) {
    if (worker.process != 0) return true;
  }
  return false;
}

void WorkerPool::Signal(int signal) const {
  for (const Worker& worker : workers_) {
    if (worker.process != 0) kill(worker.process, signal);
  }
}

std::string WorkerPool::ChildEnded(pid_t child, int wait_status) {
  for (unsigned i = 0; i < workers_.size(); ++i) {
    if (workers_[i].process != child) continue;
    workers_[i].process = 0;
    // Told to end, afl-fuzz does so in good order.
    const bool is_clean = WIFSIGNALED(wait_status) || (plan_.workers[i] == Engine::kAfl && wait_status == 0);
    if (is_over_ && is_clean) return "";
    return Died(i, wait_status);
  }
  return "";
}

std::string WorkerPool::Died(unsigned index, int wait_status) {
  Worker& worker = workers_[index];
  ++worker.deaths;
  const std::string death =
      absl::StrFormat("worker %d died (%s); see %s", index, WaitStatusName(wait_status), LogOf(index));
  if (worker.deaths == kDeathsMax) {
    failed_ = true;
    return absl::StrFormat("%s; given up after %d deaths", death, kDeathsMax);
  }
  if (is_over_) return death;
  if (const absl::Status status = Start(index); !status.ok()) {
    failed_ = true;
    return absl::StrFormat("%s; not started again: %s", death, std::string(status.message()));
  }
  return death + "; started again";
}

std::string WorkerPool::StateOf(unsigned index) const {
  if (workers_[index].process != 0) return stats_.worker(index).executions() == 0 ? "starting" : "running";
  return is_over_ ? "ended" : "given up";
}

std::vector<WorkerProgress> WorkerPool::TakeProgress(double seconds) {
  std::vector<WorkerProgress> progress;
  for (unsigned i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    const std::uint64_t executions = stats_.worker(i).executions();
    const double rate = seconds > 0 ? static_cast<double>(executions - worker.executions_before) / seconds : 0;
    worker.executions_before = executions;
    progress.push_back({std::string(EngineName(plan_.workers[i])), StateOf(i), worker.deaths, executions,
                        static_cast<std::uint64_t>(rate)});
  }
  return progress;
}

}  // namespace rqfuzz
