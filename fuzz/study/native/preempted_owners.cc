#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fuzz/scenario/random.h"
#include "fuzz/study/native/measure.h"
#include "lock/lock_type.h"
#include "lock/native/threads.h"

namespace rqfuzz {
namespace {

using Clock = std::chrono::steady_clock;

struct Contender {
  std::string_view label;
  std::string_view lock;
  std::string_view revision;
  bool virtual_machine;
};

constexpr std::array<Contender, 4> kContenders = {{
    {"queue path", "rqspinlock", "linux-7.2", false},
    {"test-and-set", "rqspinlock", "linux-7.2", true},
    {"qspinlock", "qspinlock", "", false},
    {"pv_qspinlock", "pv_qspinlock", "", false},
}};
constexpr std::array<unsigned, 5> kThreadCounts = {2, 4, 8, 16, 32};
constexpr std::uint64_t kSection_ns = 2'000;
constexpr std::uint64_t kThinkMax_ns = 4'000;

void Stay(std::uint64_t duration_ns) {
  const std::uint64_t end_ns = kernel::ktime_get_mono_fast_ns() + duration_ns;
  while (kernel::ktime_get_mono_fast_ns() < end_ns) {
  }
}

struct ThreadResult {
  std::vector<double> waits_us;
  std::uint64_t acquired = 0;
  std::uint64_t errors = 0;
};

void LiveThread(const locks::EntryPoints& lock_functions, void* lock, std::uint64_t seed,
                const std::atomic<bool>& stop, ThreadResult& result) {
  const locks::native::RegisteredThread registered;
  Random random(seed);
  while (!stop.load(std::memory_order_relaxed)) {
    Stay(random.Below(kThinkMax_ns + 1));
    const std::uint64_t begin_ns = kernel::ktime_get_mono_fast_ns();
    const int error = lock_functions.raw_acquire(lock);
    result.waits_us.push_back(static_cast<double>(kernel::ktime_get_mono_fast_ns() - begin_ns) / 1e3);
    if (error != 0) {
      ++result.errors;
      continue;
    }
    Stay(kSection_ns);
    lock_functions.raw_release(lock);
    ++result.acquired;
  }
}

struct Cell {
  std::vector<double> throughputs;  // of each repeat, acquires a millisecond
  std::vector<double> waits_us;     // the 99.9th percentile of each
  std::uint64_t errors = 0;
};

void MeasureOnce(const Contender& contender, unsigned thread_count, double seconds, Cell& cell) {
  alignas(128) unsigned char lock[128] = {};
  const locks::LockType& type = *locks::FindLockType(contender.lock, contender.revision, "x86-full");
  locks::native::use_virtual_machine_path(contender.virtual_machine);
  std::atomic<bool> stop = false;
  std::vector<ThreadResult> results(thread_count);
  std::vector<std::thread> threads;
  const Clock::time_point start = Clock::now();
  for (unsigned i = 0; i < thread_count; ++i) {
    threads.emplace_back([&, i] { LiveThread(*type.entry_points, lock, i + 1, stop, results[i]); });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  locks::native::use_virtual_machine_path(false);
  std::vector<double> waits_us;
  std::uint64_t acquired = 0;
  for (const ThreadResult& result : results) {
    waits_us.insert(waits_us.end(), result.waits_us.begin(), result.waits_us.end());
    acquired += result.acquired;
    cell.errors += result.errors;
  }
  cell.throughputs.push_back(static_cast<double>(acquired) / ms);
  if (waits_us.empty()) return;
  std::sort(waits_us.begin(), waits_us.end());
  cell.waits_us.push_back(waits_us[static_cast<std::size_t>(0.999 * static_cast<double>(waits_us.size() - 1))]);
}

}  // namespace

nlohmann::ordered_json MeasurePreemptedOwners(double seconds, unsigned repeats) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const unsigned thread_count : kThreadCounts) {
    std::array<Cell, kContenders.size()> cells;
    // In turn, so that what else the machine does hits all of them.
    for (unsigned repeat = 0; repeat < repeats; ++repeat) {
      for (std::size_t i = 0; i < cells.size(); ++i) MeasureOnce(kContenders[i], thread_count, seconds, cells[i]);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const nlohmann::ordered_json throughput = Spread(cells[i].throughputs);
      rows.push_back(
          {{"lock", kContenders[i].label},
           {"threads", thread_count},
           {"throughput", throughput[0]},
           {"lowest", throughput[1]},
           {"highest", throughput[2]},
           {"wait_us", cells[i].waits_us.empty() ? nlohmann::ordered_json() : Spread(cells[i].waits_us)[0]},
           {"errors", cells[i].errors}});
    }
  }
  return {{"cores", std::thread::hardware_concurrency()}, {"rows", rows}};
}

}  // namespace rqfuzz
