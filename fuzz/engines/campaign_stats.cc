#include "fuzz/engines/campaign_stats.h"

#include <algorithm>
#include <chrono>
#include <new>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rqfuzz {
namespace {

std::uint64_t Now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// FNV-1a.
std::uint64_t Hash(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

void* Map(int descriptor) {
  return mmap(nullptr, sizeof(CampaignStats), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
}

}  // namespace

std::uint64_t CauseHash(std::string_view oracle, std::string_view cause) {
  const std::uint64_t hash = Hash(Hash(Hash(0xCBF29CE484222325u, oracle), "\n"), cause);
  return hash == 0 ? 1 : hash;
}

bool WorkerStats::HasCause(std::uint64_t hash) const {
  const unsigned count = cause_count();
  for (unsigned i = 0; i < count; ++i) {
    if (causes_[i].load(std::memory_order_relaxed) == hash) return true;
  }
  return false;
}

void WorkerStats::AddCause(std::uint64_t hash) {
  const unsigned count = cause_count();
  if (count == kCausesMax || HasCause(hash)) return;
  causes_[count].store(hash, std::memory_order_relaxed);
  cause_count_.store(count + 1, std::memory_order_release);
}

CampaignStats* CampaignStats::Create(unsigned worker_count, std::uint64_t seed, bool is_strict) {
  const int descriptor = memfd_create("rqfuzz-campaign", 0);
  if (descriptor < 0 || ftruncate(descriptor, sizeof(CampaignStats)) != 0) return nullptr;
  void* memory = Map(descriptor);
  return memory == MAP_FAILED ? nullptr : new (memory) CampaignStats(descriptor, worker_count, seed, is_strict);
}

CampaignStats* CampaignStats::Attach(int descriptor) {
  struct stat file = {};
  if (fstat(descriptor, &file) != 0 || file.st_size != sizeof(CampaignStats)) return nullptr;
  void* memory = Map(descriptor);
  return memory == MAP_FAILED ? nullptr : static_cast<CampaignStats*>(memory);
}

CampaignStats::CampaignStats(int descriptor, unsigned worker_count, std::uint64_t seed, bool is_strict)
    : descriptor_(descriptor), worker_count_(worker_count), seed_(seed), is_strict_(is_strict), start_ns_(Now_ns()) {}

std::uint64_t CampaignStats::Executions() const {
  std::uint64_t executions = 0;
  for (unsigned i = 0; i < worker_count_; ++i) executions += workers_[i].executions();
  return executions;
}

bool CampaignStats::HasCause(std::uint64_t hash) const {
  for (unsigned i = 0; i < worker_count_; ++i) {
    if (workers_[i].HasCause(hash)) return true;
  }
  return false;
}

unsigned CampaignStats::CauseCount() const {
  unsigned count = 0;
  for (unsigned i = 0; i < worker_count_; ++i) count += workers_[i].cause_count();
  return count;
}

CampaignStats::Corpus CampaignStats::corpus() const {
  return {.files = corpus_files_.load(std::memory_order_relaxed),
          .features = features_.load(std::memory_order_relaxed),
          .states = states_.load(std::memory_order_relaxed),
          .last_gain_seconds = last_gain_seconds_.load(std::memory_order_relaxed)};
}

void CampaignStats::ExpectCorpus(std::uint64_t features, std::uint64_t states) {
  features_max_.store(features, std::memory_order_relaxed);
  states_max_.store(states, std::memory_order_relaxed);
}

void CampaignStats::SetCorpus(std::uint64_t files, std::uint64_t features, std::uint64_t states) {
  const std::uint64_t features_before = features_max_.load(std::memory_order_relaxed);
  const std::uint64_t states_before = states_max_.load(std::memory_order_relaxed);
  corpus_files_.store(files, std::memory_order_relaxed);
  features_.store(features, std::memory_order_relaxed);
  states_.store(states, std::memory_order_relaxed);
  if (features <= features_before && states <= states_before) return;
  ExpectCorpus(std::max(features, features_before), std::max(states, states_before));
  last_gain_seconds_.store(Seconds(), std::memory_order_relaxed);
}

double CampaignStats::Seconds() const { return static_cast<double>(Now_ns() - start_ns_) * 1e-9; }

}  // namespace rqfuzz
