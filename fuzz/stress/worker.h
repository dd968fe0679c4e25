// One thread of a stress run: what it does with the locks, the signals that interrupt it, and what both notice.
#ifndef FUZZ_STRESS_WORKER_H_
#define FUZZ_STRESS_WORKER_H_

#include <atomic>
#include <cstdint>

#include <time.h>

#include "fuzz/scenario/random.h"
#include "fuzz/stress/symptoms.h"
#include "lock/lock_type.h"

namespace rqfuzz {

inline constexpr unsigned kSharedLocks = 2;
inline constexpr unsigned kStressThreadsMax = 64;
inline constexpr unsigned kNestedNmisMax = 3;

// A lock and what is known of it from outside.
struct alignas(64) StressLock {
  alignas(8) unsigned char memory[8] = {};
  std::atomic<int> owners = 0;
  long data = 0;  // what the lock protects: under the thread sanitizer, a race if there are two owners
};

// What all threads of a run share. Locks [0, kSharedLocks) are everybody's; the next ones belong to a worker each.
struct Arena {
  Arena(const locks::LockType& lock_type, std::uint64_t start_ns) : type(lock_type), tally(start_ns) {}

  const locks::LockType& type;
  Tally tally;
  StressLock locks[kSharedLocks + kStressThreadsMax];
  std::atomic<std::uint64_t> acquired = 0;
  std::atomic<std::uint64_t> deadlocks = 0;  // -EDEADLK
  std::atomic<std::uint64_t> timeouts = 0;   // -ETIMEDOUT
  std::atomic<std::uint64_t> nmis = 0;       // that tried a lock
};

// Purpose: runs rounds of operations on the locks, while a timer of its own interrupts it at random moments with
// signals, whose handler takes locks too and may itself be interrupted.
//
// Invariants:
//  1. Nobody but this worker and its handler takes lock `private_lock()`.
//  2. Handlers leave the locks alone while no round runs.
//
// Created and run by its own thread, which is registered as a CPU; `progress()` is for the supervisor.
class Worker {
 public:
  Worker(Arena& arena, unsigned index, std::uint64_t seed);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void RunRound();
  // Grows with each acquire that returns, in the task or in a handler.
  std::uint64_t progress() const { return progress_.load(std::memory_order_relaxed); }
  unsigned private_lock() const { return kSharedLocks + index_; }

 private:
  // What the task does with its private lock: read by the handler that interrupts it.
  enum class Phase : int { kOutside, kAcquiring, kHolding, kReleasing };

  static void HandleSignal(int signal);
  void RunNmi(unsigned depth);
  void ArmTimer(Random& random);
  void UsePrivateLock();
  void UseSharedLocks();
  // Short sections one after the other, so that others come while the lock changes hands.
  void Contend();
  // `held`: locks that the task holds. Returns whether it took the lock.
  bool Acquire(unsigned lock, unsigned held);
  void Release(unsigned lock);
  void EnterSection(unsigned lock);
  void LeaveSection(unsigned lock);
  void Stay(unsigned choices);
  void Count(int error);
  void Report(Symptom symptom);

  Arena& arena_;
  const unsigned index_;
  Random random_;
  Random nmi_random_[kNestedNmisMax];
  timer_t timer_ = nullptr;
  std::atomic<bool> in_round_ = false;
  std::atomic<unsigned> nmi_depth_ = 0;
  std::atomic<Phase> phase_ = Phase::kOutside;
  std::atomic<std::uint64_t> progress_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_STRESS_WORKER_H_
