// The hash map of lock/users/ on real threads that are interrupted by signals, which use it too.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "lock/native/resilient_spin_lock.h"
#include "lock/users/testing/map_model.h"

namespace locks::native {
namespace {

constexpr unsigned kThreads = 3;
constexpr unsigned kOperations =
    500;  // of a thread, its handlers included: two evictions that meet cost milliseconds

HashMap map;
alignas(64) unsigned char map_locks[kMapLocks * kMapLockStride];

struct ThreadRecords {
  std::atomic<unsigned> count = 0;
  std::vector<MapRecord> records{kOperations};
};
thread_local ThreadRecords* own_records = nullptr;

// False: this thread has done its share. Safe in handlers.
bool do_one() {
  const unsigned index = own_records->count.fetch_add(1, std::memory_order_relaxed);
  if (index >= kOperations) return false;
  MapRecord& record = own_records->records[index];
  const unsigned mixed = index * 2'654'435'761u + this_thread.cpu * 40'503u;
  record.operation = static_cast<MapOperation>(mixed >> 8 & 1 ? 0 : 1 + (mixed >> 9 & 1));
  record.key = (mixed >> 12) % 9;
  record.value = std::uint64_t{this_thread.cpu} << 32 | index;
  RunMapOperation(map, record);
  return true;
}

std::atomic<unsigned> handled = 0;

void handle(int) {
  if (own_records == nullptr) return;
  const NmiScope nmi;
  if (do_one()) handled.fetch_add(1, std::memory_order_relaxed);
}

TEST(NativeHashMapTest, AgreesWithTheModel) {
  locks_hash_map_functions.init(
      &map, &locks_rqspinlock_entry_points[revision_index("linux-7.2")][build_index("x86-full")], map_locks);
  struct sigaction action = {};
  action.sa_handler = handle;
  struct sigaction before;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  ThreadRecords records[kThreads];
  std::vector<std::thread> threads;
  std::atomic<unsigned> running = kThreads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const RegisteredThread registered;
      own_records = &records[i];
      while (do_one()) {
        // Not without any signal, however busy the host keeps the thread that sends them.
        while (own_records->count >= kOperations / 2 && handled == 0) std::this_thread::yield();
      }
      own_records = nullptr;
      --running;
    });
  }
  while (running != 0) {
    for (std::thread& thread : threads) pthread_kill(thread.native_handle(), SIGUSR1);
    // A flood of signals is one long handler: nobody gets on, and waits end by the clock.
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  for (std::thread& thread : threads) thread.join();
  sigaction(SIGUSR1, &before, nullptr);
  std::vector<MapRecord> all;
  unsigned effects = 0;
  for (const ThreadRecords& own : records) {
    all.insert(all.end(), own.records.begin(), own.records.end());
    for (const MapRecord& record : own.records) effects += record.result.order != 0 ? 1 : 0;
  }
  EXPECT_EQ(CompareWithModel(map, all), "");
  EXPECT_TRUE(ListIsWhole(map));
  EXPECT_GT(effects, kOperations);
  EXPECT_GT(handled.load(), 0u);
}

}  // namespace
}  // namespace locks::native
