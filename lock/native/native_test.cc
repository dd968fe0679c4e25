// The native lock: real threads, real signals.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "lock/native/resilient_spin_lock.h"

namespace locks::native {
namespace {

using Clock = std::chrono::steady_clock;

TEST(RegisteredThreadTest, EachHasASlotOfItsOwnThatIsUsedAgain) {
  std::set<unsigned> cpus;
  RegisteredThread outer;
  cpus.insert(outer.cpu());
  unsigned first = 0;
  std::thread([&] { first = RegisteredThread().cpu(); }).join();
  cpus.insert(first);
  std::thread([&] { cpus.insert(RegisteredThread().cpu()); }).join();
  EXPECT_EQ(cpus.size(), 2u);
  EXPECT_GE(kernel::nr_cpu_ids(), 2u);
}

TEST(RegisteredThreadDeathTest, LockOfAnUnregisteredThreadEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ResilientSpinLock lock;
  EXPECT_DEATH(static_cast<void>(lock.lock()), "not registered");
}

TEST(ResilientSpinLockTest, TheOwnerIsTold) {
  RegisteredThread registered;
  ResilientSpinLock lock;
  ASSERT_EQ(lock.lock(), 0);
  EXPECT_EQ(lock.lock(), -EDEADLK);
  lock.unlock();
  ASSERT_EQ(lock.lock(), 0);
  lock.unlock();
}

TEST(ResilientSpinLockTest, AWaiterForAStuckOwnerTimesOut) {
  RegisteredThread registered;
  ResilientSpinLock lock;
  ASSERT_EQ(lock.lock(), 0);
  int error = 0;
  std::chrono::nanoseconds waited{};
  std::thread([&] {
    RegisteredThread waiter;
    const Clock::time_point start = Clock::now();
    error = lock.lock();
    waited = Clock::now() - start;
  }).join();
  lock.unlock();
  EXPECT_EQ(error, -ETIMEDOUT);
  EXPECT_GE(waited, std::chrono::milliseconds(250));
}

// Each of the two takes one lock, sees that the other has the other one, and then takes that.
TEST(ResilientSpinLockTest, AbbaIsFound) {
  ResilientSpinLock lock[2];
  std::atomic<unsigned> holding = 0;
  int errors[2] = {};
  const auto run = [&](unsigned own) {
    RegisteredThread registered;
    ASSERT_EQ(lock[own].lock(), 0);
    holding.fetch_add(1);
    while (holding.load() != 2) std::this_thread::yield();
    errors[own] = lock[1 - own].lock();
    if (errors[own] == 0) lock[1 - own].unlock();
    lock[own].unlock();
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  EXPECT_TRUE(errors[0] == -EDEADLK || errors[1] == -EDEADLK) << errors[0] << " " << errors[1];
}

TEST(ResilientSpinLockTest, OwnersAreAlone) {
  constexpr unsigned kThreads = 4;
  constexpr long kTurns = 300;
  ResilientSpinLock lock;
  long taken = 0;
  std::atomic<long> succeeded = 0;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      RegisteredThread registered;
      for (long turn = 0; turn < kTurns; ++turn) {
        if (lock.lock() != 0) continue;
        ++taken;
        lock.unlock();
        succeeded.fetch_add(1, std::memory_order_relaxed);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, succeeded.load());
  EXPECT_GT(taken, 0);
}

// The handler wants what its own thread holds, or is just taking or releasing.
ResilientSpinLock signal_lock;
std::atomic<unsigned> handled = 0;
std::atomic<unsigned> refused = 0;

void take_in_handler(int) {
  NmiScope nmi;
  const int error = signal_lock.lock();
  if (error == 0) signal_lock.unlock();
  if (error == -EDEADLK) refused.fetch_add(1, std::memory_order_relaxed);
  handled.fetch_add(1, std::memory_order_relaxed);
}

TEST(NmiScopeTest, AHandlerNeverWaitsForItsOwnThread) {
  RegisteredThread registered;
  struct sigaction action = {};
  action.sa_handler = take_in_handler;
  struct sigaction before;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  ASSERT_EQ(signal_lock.lock(), 0);
  pthread_kill(pthread_self(), SIGUSR1);
  signal_lock.unlock();
  EXPECT_EQ(handled.load(), 1u);
  EXPECT_EQ(refused.load(), 1u);
  std::atomic<bool> done = false;
  const pthread_t self = pthread_self();
  std::thread signaller([&] {
    for (int i = 0; i < 100; ++i) {
      pthread_kill(self, SIGUSR1);
      std::this_thread::yield();
    }
    done = true;
  });
  unsigned failures = 0;
  while (!done) {
    if (signal_lock.lock() != 0) {
      ++failures;
      continue;
    }
    signal_lock.unlock();
  }
  signaller.join();
  sigaction(SIGUSR1, &before, nullptr);
  EXPECT_EQ(failures, 0u);
}

}  // namespace
}  // namespace locks::native
