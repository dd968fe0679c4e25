#include "fuzz/stress/worker.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "fuzz/check.h"
#include "lock/native/threads.h"

namespace rqfuzz {
namespace {

constexpr unsigned kOperationsPerRound = 8;
// A signal comes this long after the last one, at random in between.
constexpr std::uint64_t kSignalAfterMin_ns = 5'000;
constexpr std::uint64_t kSignalAfterMax_ns = 150'000;

thread_local Worker* this_worker = nullptr;

int StressSignal() { return SIGRTMIN; }

void StayFor(std::uint64_t duration_ns) {
  const std::uint64_t end_ns = kernel::ktime_get_mono_fast_ns() + duration_ns;
  while (kernel::ktime_get_mono_fast_ns() < end_ns) kernel::cpu_relax();
}

}  // namespace

Worker::Worker(Arena& arena, unsigned index, std::uint64_t seed)
    : arena_(arena), index_(index), random_(seed), nmi_random_{Random(seed + 1), Random(seed + 2), Random(seed + 3)} {
  RQFUZZ_CHECK(index < kStressThreadsMax && this_worker == nullptr);
  this_worker = this;
  struct sigaction action = {};
  action.sa_handler = &Worker::HandleSignal;
  action.sa_flags = SA_NODEFER | SA_RESTART;
  RQFUZZ_CHECK(sigaction(StressSignal(), &action, nullptr) == 0);
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = StressSignal();
  event._sigev_un._tid = gettid();
  RQFUZZ_CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0);
}

Worker::~Worker() {
  timer_delete(timer_);
  this_worker = nullptr;
}

void Worker::Report(Symptom symptom) { arena_.tally.Add(symptom, kernel::ktime_get_mono_fast_ns()); }

void Worker::Count(int error) {
  std::atomic<std::uint64_t>& counter = error == 0          ? arena_.acquired
                                        : error == -EDEADLK ? arena_.deadlocks
                                                            : arena_.timeouts;
  counter.fetch_add(1, std::memory_order_relaxed);
  progress_.fetch_add(1, std::memory_order_relaxed);
}

void Worker::EnterSection(unsigned lock) {
  if (arena_.locks[lock].owners.fetch_add(1, std::memory_order_relaxed) != 0) Report(Symptom::kTwoOwners);
  ++arena_.locks[lock].data;
}

void Worker::LeaveSection(unsigned lock) { arena_.locks[lock].owners.fetch_sub(1, std::memory_order_relaxed); }

// ---- The task

void Worker::RunRound() {
  in_round_.store(true, std::memory_order_relaxed);
  ArmTimer(random_);
  for (unsigned i = 0; i < kOperationsPerRound; ++i) {
    switch (random_.Below(8)) {
      case 0: Contend(); break;
      case 1:
      case 2:
      case 3: UseSharedLocks(); break;
      default: UsePrivateLock(); break;
    }
  }
  in_round_.store(false, std::memory_order_relaxed);
}

void Worker::UsePrivateLock() {
  const locks::EntryPoints& lock_functions = *arena_.type.entry_points;
  StressLock& lock = arena_.locks[private_lock()];
  for (unsigned turn = 0; turn < 100; ++turn) {
    phase_.store(Phase::kAcquiring, std::memory_order_relaxed);
    const int error = lock_functions.raw_acquire(lock.memory);
    phase_.store(error == 0 ? Phase::kHolding : Phase::kOutside, std::memory_order_relaxed);
    Count(error);
    if (error != 0) {
      Report(Symptom::kRefusedAlone);
      continue;
    }
    EnterSection(private_lock());
    LeaveSection(private_lock());
    phase_.store(Phase::kReleasing, std::memory_order_relaxed);
    lock_functions.raw_release(lock.memory);
    phase_.store(Phase::kOutside, std::memory_order_relaxed);
  }
}

void Worker::UseSharedLocks() {
  const auto first = static_cast<unsigned>(random_.Below(kSharedLocks));
  if (!Acquire(first, 0)) return;
  Stay(20);
  if (random_.OneIn(2)) {
    const unsigned second = (first + 1) % kSharedLocks;
    if (Acquire(second, 1)) {
      Stay(200);
      Release(second);
    }
  }
  Release(first);
}

void Worker::Contend() {
  for (unsigned turn = 0; turn < 20; ++turn) {
    if (Acquire(0, 0)) Release(0);
  }
}

bool Worker::Acquire(unsigned lock, unsigned held) {
  const int error = arena_.type.entry_points->raw_acquire(arena_.locks[lock].memory);
  Count(error);
  if (error == -EDEADLK && held == 0) Report(Symptom::kDeadlockOfNobody);
  if (error == 0) EnterSection(lock);
  return error == 0;
}

void Worker::Release(unsigned lock) {
  LeaveSection(lock);
  arena_.type.entry_points->raw_release(arena_.locks[lock].memory);
}

// In a section: mostly not at all, sometimes for long enough that others look for deadlocks, sometimes without the
// processor, and once in a while beyond every limit.
void Worker::Stay(unsigned choices) {
  const std::uint64_t choice = random_.Below(choices * 100);
  if (choice == 0) {
    usleep(600'000);
  } else if (choice < 100) {
    StayFor(random_.Below(4'000'000));
  } else if (choice < 150) {
    sched_yield();
  } else {
    StayFor(random_.Below(2'000));
  }
}

// ---- The signals

void Worker::ArmTimer(Random& random) {
  itimerspec next = {};
  next.it_value.tv_nsec =
      static_cast<long>(kSignalAfterMin_ns + random.Below(kSignalAfterMax_ns - kSignalAfterMin_ns));
  timer_settime(timer_, 0, &next, nullptr);
}

void Worker::HandleSignal(int) {
  const int saved_errno = errno;
  Worker* const worker = this_worker;
  if (worker != nullptr && worker->in_round_.load(std::memory_order_relaxed)) {
    const unsigned depth = worker->nmi_depth_.fetch_add(1, std::memory_order_relaxed);
    if (depth < kNestedNmisMax) worker->RunNmi(depth);
    worker->nmi_depth_.fetch_sub(1, std::memory_order_relaxed);
  }
  errno = saved_errno;
}

void Worker::RunNmi(unsigned depth) {
  const locks::native::NmiScope nmi;
  Random& random = nmi_random_[depth];
  // First, so that the next one can come while this one waits.
  ArmTimer(random);
  const bool own = random.OneIn(2);
  const unsigned lock = own ? private_lock() : static_cast<unsigned>(random.Below(kSharedLocks));
  const Phase phase = phase_.load(std::memory_order_relaxed);
  arena_.nmis.fetch_add(1, std::memory_order_relaxed);
  const int error = arena_.type.entry_points->raw_acquire(arena_.locks[lock].memory);
  Count(error);
  if (error == 0) {
    EnterSection(lock);
    LeaveSection(lock);
    arena_.type.entry_points->raw_release(arena_.locks[lock].memory);
  } else if (own && error == -ETIMEDOUT) {
    // What an interrupted handler does with the lock is not known here: only the task's phase is.
    if (depth == 0 && phase == Phase::kAcquiring) Report(Symptom::kMissedWhileAcquiring);
    if (depth == 0 && phase == Phase::kHolding) Report(Symptom::kMissedWhileHolding);
    if (depth == 0 && phase == Phase::kReleasing) Report(Symptom::kMissedWhileReleasing);
  }
}

}  // namespace rqfuzz
