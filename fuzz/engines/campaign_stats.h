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
  // In memory that this process shares with those that it starts from now on; null if there is none. Never freed.
  // `seed`, `is_strict`: of the campaign; see CampaignOptions.
  static CampaignStats* Create(unsigned worker_count, std::uint64_t seed, bool is_strict);
  // The same memory in another program, which has inherited `descriptor`; null if that is not what it is.
  static CampaignStats* Attach(int descriptor);

  int descriptor() const { return descriptor_; }
  std::uint64_t seed() const { return seed_; }
  bool is_strict() const { return is_strict_; }

  WorkerStats& worker(unsigned index) { return workers_[index]; }
  // Of all workers.
  std::uint64_t Executions() const;
  bool HasCause(std::uint64_t hash) const;
  // Counts causes once for each worker that saw them: changes whenever any of them sees a new one.
  unsigned CauseCount() const;

  // What the corpus holds, as the one process that watches it says.
  struct Corpus {
    std::uint64_t files = 0;
    std::uint64_t features = 0;
    std::uint64_t states = 0;
    double last_gain_seconds = -1;  // when it last gained a feature or a state; negative: not yet
  };
  Corpus corpus() const;
  // What an earlier campaign had measured of the corpus that is there at the start.
  void ExpectCorpus(std::uint64_t features, std::uint64_t states);
  // A gain is noted if features or states are more than ever before.
  void SetCorpus(std::uint64_t files, std::uint64_t features, std::uint64_t states);

  // Inputs that made the target crash or hang under an engine that goes on after that.
  unsigned crashes() const { return crashes_.load(std::memory_order_relaxed); }
  void AddCrashes(unsigned count) { crashes_.fetch_add(count, std::memory_order_relaxed); }

  // How many workers have a finding that they cannot write.
  unsigned blocked() const { return blocked_.load(std::memory_order_relaxed); }
  void BlockedBegin() { blocked_.fetch_add(1, std::memory_order_relaxed); }
  void BlockedEnd() { blocked_.fetch_sub(1, std::memory_order_relaxed); }

  // Since Create().
  double Seconds() const;
  // When the last new finding was kept, as Seconds(); negative if there was none.
  double last_finding_seconds() const { return last_finding_seconds_.load(std::memory_order_relaxed); }
  void FindingKept() { last_finding_seconds_.store(Seconds(), std::memory_order_relaxed); }

 private:
  CampaignStats(int descriptor, unsigned worker_count, std::uint64_t seed, bool is_strict);

  int descriptor_;
  unsigned worker_count_;
  std::uint64_t seed_;
  bool is_strict_;
  std::uint64_t start_ns_;
  std::atomic<double> last_finding_seconds_{-1};
  std::atomic<unsigned> crashes_{0};
  std::atomic<unsigned> blocked_{0};
  std::atomic<std::uint64_t> corpus_files_{0};
  std::atomic<std::uint64_t> features_{0};
  std::atomic<std::uint64_t> states_{0};
  std::atomic<std::uint64_t> features_max_{0};
  std::atomic<std::uint64_t> states_max_{0};
  std::atomic<double> last_gain_seconds_{-1};
  std::array<WorkerStats, kJobsMax> workers_;
};

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_STATS_H_
