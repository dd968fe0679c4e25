#include "fuzz/stress/stress.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "fuzz/check.h"
#include "fuzz/stress/worker.h"
#include "lock/native/threads.h"

namespace rqfuzz {
namespace {

// No call of this workload waits so long, however its rivals behave: four limits of a queue head and the sections.
constexpr std::chrono::seconds kSilenceMax{6};

// Purpose: starts rounds, waits for their ends, ends those that hang, and looks for what they leave.
//
// Invariants:
//  1. Between two rounds no worker is in a call and no handler touches a lock.
//
// Runs on the main thread, which is registered as a CPU of its own.
class Supervisor {
 public:
  explicit Supervisor(const StressOptions& options)
      : options_(options), arena_(*options.type, kernel::ktime_get_mono_fast_ns()), workers_(options.threads) {}
  std::string Run();

 private:
  void LiveWorker(unsigned index);
  bool RunRound();  // whether another one can follow
  bool WaitForEnd(std::chrono::milliseconds time);
  void EndHang();
  bool HasLeftovers() const;
  std::uint64_t Progress() const;
  std::string Json(double seconds) const;

  const StressOptions& options_;
  Arena arena_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t round_ = 0;  // guarded by mutex_
  unsigned finished_ = 0;    // workers that have ended the round; guarded by mutex_
  bool stopping_ = false;    // guarded by mutex_
};

void Supervisor::LiveWorker(unsigned index) {
  const locks::native::RegisteredThread registered;
  auto worker = std::make_unique<Worker>(arena_, index, options_.seed * 1'000 + index * 10);
  Worker* const own = worker.get();
  std::unique_lock lock(mutex_);
  workers_[index] = std::move(worker);
  for (std::uint64_t done = 0;;) {
    if (++finished_ == options_.threads) changed_.notify_all();
    changed_.wait(lock, [&] { return round_ != done || stopping_; });
    if (stopping_) break;
    done = round_;
    lock.unlock();
    own->RunRound();
    lock.lock();
  }
  workers_[index] = nullptr;
}

bool Supervisor::WaitForEnd(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, time, [&] { return finished_ == options_.threads; });
}

std::uint64_t Supervisor::Progress() const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->progress();
  return sum;
}

bool Supervisor::RunRound() {
  {
    const std::lock_guard lock(mutex_);
    ++round_;
    finished_ = 0;
  }
  changed_.notify_all();
  auto last_change = std::chrono::steady_clock::now();
  for (std::uint64_t progress = Progress(); !WaitForEnd(std::chrono::milliseconds(500));) {
    const auto now = std::chrono::steady_clock::now();
    if (Progress() != progress) {
      progress = Progress();
      last_change = now;
    } else if (now - last_change > kSilenceMax) {
      EndHang();
      last_change = now;
    }
  }
  if (!HasLeftovers()) return true;
  // They stay: to go on would count them again after each round.
  arena_.tally.Add(Symptom::kNotRecovered, kernel::ktime_get_mono_fast_ns());
  return false;
}

// A waiter that waits for a successor goes on when somebody queues behind it: the supervisor does.
void Supervisor::EndHang() {
  for (unsigned i = 0; i < kSharedLocks; ++i) {
    StressLock& lock = arena_.locks[i];
    std::uint32_t word = 0;
    std::memcpy(&word, lock.memory, sizeof(word));
    if (word == 0 || lock.owners.load(std::memory_order_relaxed) != 0) continue;
    const bool locked = options_.type->word.Locked(word);
    arena_.tally.Add(locked ? Symptom::kHangAsOwner : Symptom::kHangOfAFreeLock, kernel::ktime_get_mono_fast_ns());
    if (options_.type->entry_points->raw_acquire(lock.memory) == 0) {
      options_.type->entry_points->raw_release(lock.memory);
    }
  }
  if (WaitForEnd(std::chrono::seconds(60))) return;
  std::fputs("rqfuzz stress: threads hang, and another one that queues behind them does not set them free\n", stderr);
  std::fputs(Json(0).c_str(), stdout);
  std::fflush(stdout);
  _exit(0);
}

bool Supervisor::HasLeftovers() const {
  bool left = false;
  for (const StressLock& lock : arena_.locks) {
    std::uint32_t word = 0;
    std::memcpy(&word, lock.memory, sizeof(word));
    left = left || word != 0 || lock.owners.load(std::memory_order_relaxed) != 0;
  }
  for (unsigned cpu = 0; cpu < kernel::nr_cpu_ids(); ++cpu) {
    const auto* data = static_cast<const std::byte*>(kernel::per_cpu_ptr(cpu));
    for (const locks::Field& field : options_.type->per_cpu_fields) {
      if (field.role != locks::FieldRole::kTableCount && field.role != locks::FieldRole::kTableSlot &&
          field.role != locks::FieldRole::kNodeCount) {
        continue;
      }
      for (unsigned i = 0; i < field.count; ++i) {
        std::uint64_t value = 0;
        std::memcpy(&value, data + field.offset + std::size_t{i} * field.stride, field.bytes);
        left = left || value != 0;
      }
    }
  }
  return left;
}

std::string Supervisor::Json(double seconds) const {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (unsigned i = 0; i < kSymptoms; ++i) {
    if (arena_.tally.hits(i) == 0) continue;
    findings.push_back({{"oracle", kSymptomRows[i].oracle},
                        {"cause", kSymptomRows[i].cause},
                        {"bug", kSymptomRows[i].bug},
                        {"hits", arena_.tally.hits(i)},
                        {"first_s", static_cast<double>(arena_.tally.first_ns(i)) / 1e9}});
  }
  const nlohmann::ordered_json json = {{"lock", options_.type->name},
                                       {"revision", options_.type->revision},
                                       {"threads", options_.threads},
                                       {"cores", std::thread::hardware_concurrency()},
                                       {"seconds", seconds},
                                       {"rounds", round_},
                                       {"acquired", arena_.acquired.load()},
                                       {"deadlocks", arena_.deadlocks.load()},
                                       {"timeouts", arena_.timeouts.load()},
                                       {"nmis", arena_.nmis.load()},
                                       {"findings", findings}};
  return json.dump(2) + "\n";
}

std::string Supervisor::Run() {
  const locks::native::RegisteredThread registered;
  const bool is_terminal = isatty(STDERR_FILENO) != 0;
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed_s = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options_.threads; ++i) threads.emplace_back([this, i] { LiveWorker(i); });
  while (!WaitForEnd(std::chrono::seconds(1))) {
  }
  double shown_s = 0;
  while (elapsed_s() < options_.seconds && RunRound()) {
    if (elapsed_s() < shown_s + (is_terminal ? 1 : 10)) continue;
    shown_s = elapsed_s();
    std::uint64_t hits = 0;
    for (unsigned i = 0; i < kSymptoms; ++i) hits += arena_.tally.hits(i);
    std::fprintf(stderr, "%s%.0f of %.0f s, %lu acquires, %lu NMIs, %lu hits%s", is_terminal ? "\r\033[K" : "",
                 shown_s, options_.seconds, arena_.acquired.load(), arena_.nmis.load(), hits,
                 is_terminal ? "" : "\n");
  }
  if (is_terminal) std::fputs("\r\033[K", stderr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
  return Json(elapsed_s());
}

}  // namespace

std::string RunStress(const StressOptions& options) {
  RQFUZZ_CHECK(options.type != nullptr && options.threads >= 1 && options.threads <= kStressThreadsMax);
  return Supervisor(options).Run();
}

}  // namespace rqfuzz
