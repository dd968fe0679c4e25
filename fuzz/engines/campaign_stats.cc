#include "fuzz/engines/campaign_stats.h"

#include <chrono>
#include <new>

#include <sys/mman.h>

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

CampaignStats* CampaignStats::Create(unsigned worker_count) {
  void* memory = mmap(nullptr, sizeof(CampaignStats), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) CampaignStats(worker_count);
}

CampaignStats::CampaignStats(unsigned worker_count) : worker_count_(worker_count), start_ns_(Now_ns()) {}

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

double CampaignStats::Seconds() const { return static_cast<double>(Now_ns() - start_ns_) * 1e-9; }

}  // namespace rqfuzz
