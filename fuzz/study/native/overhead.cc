#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "fuzz/study/native/measure.h"
#include "lock/native/resilient_spin_lock.h"

namespace rqfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kBatch = 20'000;

// What is measured: a batch of pairs on one object that all threads share.
struct Subject {
  std::string name;
  std::function<void(unsigned count)> run;
  std::function<void()> set_up = [] {};
  std::function<void()> tear_down = [] {};
};

struct alignas(128) LockMemory {
  unsigned char bytes[128] = {};
};

Subject OfType(std::string name, const char* lock, const char* revision, const char* build) {
  static LockMemory memories[16];
  static unsigned next = 0;
  void* const memory = &memories[next++];
  const locks::EntryPoints& lock_functions = *locks::FindLockType(lock, revision, build)->entry_points;
  return {.name = std::move(name), .run = [memory, &lock_functions](unsigned count) {
            for (unsigned i = 0; i < count; ++i) {
              if (lock_functions.raw_acquire(memory) == 0) lock_functions.raw_release(memory);
            }
          }};
}

// The two entries in the table of held locks and what goes with them, without a lock.
void WriteTable(unsigned count) {
  static LockMemory lock;
  for (unsigned i = 0; i < count; ++i) {
    locks::HeldLocks& held = locks::this_cpu().held;
    held.grab_held_lock_entry(&lock);
    locks::barrier();
    held.clear_top_slot();
    locks::barrier();
    held.drop_top();
  }
}

template <typename Lock>
Subject OfLockable(std::string name, Lock& lock) {
  return {.name = std::move(name), .run = [&lock](unsigned count) {
            for (unsigned i = 0; i < count; ++i) {
              lock.lock();
              lock.unlock();
            }
          }};
}

struct AbslMutex {
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
  absl::Mutex mutex;
};
struct PlatformSpinlock {
  PlatformSpinlock() { pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE); }
  void lock() { pthread_spin_lock(&spinlock); }
  void unlock() { pthread_spin_unlock(&spinlock); }
  pthread_spinlock_t spinlock;
};

std::vector<Subject> Subjects() {
  static std::mutex mutex;
  static AbslMutex absl_mutex;
  static PlatformSpinlock platform;
  Subject test_and_set = OfType("rqspinlock linux-7.2, test-and-set", "rqspinlock", "linux-7.2", "x86-full");
  test_and_set.set_up = [] { locks::native::use_virtual_machine_path(true); };
  test_and_set.tear_down = [] { locks::native::use_virtual_machine_path(false); };
  return {OfType("rqspinlock linux-7.2", "rqspinlock", "linux-7.2", "x86-full"),
          test_and_set,
          OfType("qspinlock", "qspinlock", "", "x86-full"),
          OfType("virt_spin_lock", "virt_spin_lock", "", "generic"),
          OfLockable("pthread_spinlock_t", platform),
          OfLockable("std::mutex", mutex),
          OfLockable("absl::Mutex", absl_mutex)};
}

double NsOf(const std::function<void(unsigned)>& run) {
  const Clock::time_point start = Clock::now();
  run(kBatch);
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / kBatch;
}

// The quickest of some batches: what others do on the machine only adds.
double Alone(const Subject& subject) {
  const locks::native::RegisteredThread registered;
  double best_ns = NsOf(subject.run);
  for (unsigned i = 0; i < 20; ++i) best_ns = std::min(best_ns, NsOf(subject.run));
  return best_ns;
}

// Wall time for a pair while two threads do nothing else.
double WithTwo(const Subject& subject, double seconds) {
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> pairs = 0;
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      const locks::native::RegisteredThread registered;
      while (!stop.load(std::memory_order_relaxed)) {
        subject.run(100);
        pairs.fetch_add(100, std::memory_order_relaxed);
      }
    });
  }
  do {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  } while (pairs.load() == 0);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / static_cast<double>(pairs.load());
}

void CompareAndSwap(unsigned count) {
  static std::atomic<std::uint32_t> word = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::uint32_t expected = i;
    word.compare_exchange_strong(expected, i + 1);
  }
}

void Relax(unsigned count) {
  for (unsigned i = 0; i < count; ++i) kernel::cpu_relax();
}

// How long a word takes from one thread to another: the quickest of many batches, because the two often have but one
// core between them.
double TransferNs() {
  constexpr unsigned kBatches = 200;
  constexpr unsigned kTurns = 100;
  alignas(64) std::atomic<unsigned> turn = 0;
  const auto hand_over = [&turn](unsigned i) {
    while (turn.load(std::memory_order_acquire) != i) {
    }
    turn.store(i + 1, std::memory_order_release);
  };
  std::thread other([&] {
    for (unsigned i = 1; i < kBatches * kTurns; i += 2) hand_over(i);
  });
  double best_ns = 1e9;
  for (unsigned batch = 0; batch < kBatches; ++batch) {
    const Clock::time_point start = Clock::now();
    for (unsigned i = 0; i < kTurns; i += 2) hand_over(batch * kTurns + i);
    best_ns = std::min(best_ns, std::chrono::duration<double, std::nano>(Clock::now() - start).count() / kTurns);
  }
  other.join();
  return best_ns;
}

}  // namespace

nlohmann::ordered_json Spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

nlohmann::ordered_json MeasureOverhead(double seconds, unsigned repeats) {
  const std::vector<Subject> subjects = Subjects();
  const Subject table{.name = "table", .run = WriteTable};
  const Subject swap{.name = "compare-and-swap", .run = CompareAndSwap};
  const Subject relax{.name = "pause", .run = Relax};
  std::vector<std::vector<double>> alone(subjects.size());
  std::vector<std::vector<double>> two(subjects.size());
  std::vector<double> table_ns, ratios, strict_ratios, swap_ns, relax_ns, transfer_ns;
  for (unsigned repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      subjects[i].set_up();
      alone[i].push_back(Alone(subjects[i]));
      two[i].push_back(WithTwo(subjects[i], seconds));
      subjects[i].tear_down();
    }
    table_ns.push_back(Alone(table));
    ratios.push_back(alone[0].back() / (alone[2].back() + table_ns.back()));
    strict_ratios.push_back(alone[0].back() / (1.3 * alone[2].back() + table_ns.back()));
    swap_ns.push_back(Alone(swap));
    relax_ns.push_back(Alone(relax));
    transfer_ns.push_back(TransferNs());
  }
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    pairs.push_back({{"lock", subjects[i].name}, {"alone", Spread(alone[i])}, {"two", Spread(two[i])}});
  }
  return {{"cores", std::thread::hardware_concurrency()},
          {"pairs", pairs},
          {"bound",
           {{{"what", "both writes of the table, without a lock (ns)"}, {"values", Spread(table_ns)}},
            {{"what", "rqspinlock / (qspinlock + both writes); wanted: at most 1.3"}, {"values", Spread(ratios)}},
            {{"what", "rqspinlock / (1.3 qspinlock + both writes)"}, {"values", Spread(strict_ratios)}}}},
          {"steps",
           {{{"step", "compare-and-swap, line at hand"}, {"values", Spread(swap_ns)}},
            {{"step", "pause"}, {"values", Spread(relax_ns)}},
            {{"step", "word handed to another thread"}, {"values", Spread(transfer_ns)}}}}};
}

bool RunPairs(const char* lock, std::uint64_t count) {
  const locks::native::RegisteredThread registered;
  const std::string_view name = lock;
  if (name == "table") {
    WriteTable(static_cast<unsigned>(count));
    return true;
  }
  for (const Subject& subject : Subjects()) {
    if (!subject.name.starts_with(name)) continue;
    subject.run(static_cast<unsigned>(count));
    return true;
  }
  return false;
}

}  // namespace rqfuzz
