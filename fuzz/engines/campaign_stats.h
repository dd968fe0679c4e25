// What the processes of a campaign tell each other while it runs: memory shared between the parent and its workers.
// It survives a worker that dies.
//
// Each WorkerStats has one writer, its worker; everybody reads.
#ifndef FUZZ_ENGINES_CAMPAIGN_STATS_H_
#define FUZZ_ENGINES_CAMPAIGN_STATS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace rqfuzz {

inline constexpr unsigned kJobsMax = 256;
inline constexpr unsigned kCausesMax = 256;  // distinct causes that a worker remembers

// The same number for the same (oracle, cause) in every process; never 0.
std::uint64_t CauseHash(std::string_view oracle, std::string_view cause);

class alignas(64) WorkerStats {
 public:
  // Not fetch_add: there is one writer, and this is called for every execution.
  void CountExecution() { executions_.store(executions() + 1, std::memory_order_relaxed); }
  std::uint64_t executions() const { return executions_.load(std::memory_order_relaxed); }

  bool HasCause(std::uint64_t hash) const;
  // Has no effect once kCausesMax are remembered.
  void AddCause(std::uint64_t hash);
  unsigned cause_count() const { return cause_count_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> executions_{0};
  std::atomic<unsigned> cause_count_{0};
  std::array<std::atomic<std::uint64_t>, kCausesMax> causes_{};
};

class CampaignStats {
 public:
  // In memory that processes forked later share; null if there is none. Never freed.
  static CampaignStats* Create(unsigned worker_count);

  WorkerStats& worker(unsigned index) { return workers_[index]; }
  // Of all workers.
  std::uint64_t Executions() const;
  bool HasCause(std::uint64_t hash) const;
  // Counts causes once for each worker that saw them: changes whenever any of them sees a new one.
  unsigned CauseCount() const;

  // Since Create().
  double Seconds() const;
  // When the last new finding was kept, as Seconds(); negative if there was none.
  double last_finding_seconds() const { return last_finding_seconds_.load(std::memory_order_relaxed); }
  void FindingKept() { last_finding_seconds_.store(Seconds(), std::memory_order_relaxed); }

 private:
  explicit CampaignStats(unsigned worker_count);

  unsigned worker_count_;
  std::uint64_t start_ns_;
  std::atomic<double> last_finding_seconds_{-1};
  std::array<WorkerStats, kJobsMax> workers_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_STATS_H_
