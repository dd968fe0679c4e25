#include "fuzz/play/surw_chooser.h"

#include <algorithm>

namespace rqfuzz {
namespace {

// Of the lock's word, without a wait: the fast path's read and compare-and-swap, a second attempt; the store.
constexpr unsigned kAccessesOfAcquire = 3;
constexpr unsigned kAccessesOfRelease = 1;

// The lock of one of the acquires, each as likely; lock 0 if there is none.
unsigned DrawLock(const Scenario& scenario, Random& random) {
  unsigned drawn = 0;
  unsigned seen = 0;
  for (const Program& program : scenario.programs) {
    for (const Operation& operation : program) {
      if (operation.kind == OperationKind::kAcquire && random.OneIn(++seen)) drawn = operation.lock;
    }
  }
  return drawn;
}

unsigned AccessesOf(const Program& program, unsigned lock) {
  unsigned count = 0;
  for (const Operation& operation : program) {
    if (operation.kind == OperationKind::kWork || operation.lock != lock) continue;
    count += operation.kind == OperationKind::kAcquire ? kAccessesOfAcquire : kAccessesOfRelease;
  }
  return count;
}

}  // namespace

void SurwChooser::Start(const Scenario& scenario) {
  random_ = Random(scenario.schedule.seed);
  lock_ = DrawLock(scenario, random_);
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) left_[cpu] = AccessesOf(scenario.programs[cpu], lock_);
  unsigned program = kCpusMax;
  for (const Fault& fault : scenario.faults) {
    if (!HasHandler(fault.kind)) continue;
    left_[CpuOfMoment(scenario, fault.moment)] += AccessesOf(scenario.programs[program++], lock_);
  }
  interesting_ = 0;
  DrawIntended((1U << scenario.cpu_count) - 1);
}

void SurwChooser::DrawIntended(unsigned runnable) {
  const auto weight = [&](unsigned cpu) {
    if ((runnable >> cpu & 1) == 0) return 0U;
    return std::max(left_[cpu], interesting_ >> cpu & 1);
  };
  unsigned sum = 0;
  for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) sum += weight(cpu);
  if (sum == 0) {
    intended_ = DrawCpu(runnable, random_);
    return;
  }
  std::uint64_t drawn = random_.Below(sum);
  for (intended_ = 0; drawn >= weight(intended_); ++intended_) drawn -= weight(intended_);
}

Decision SurwChooser::Choose(const SchedulePoint& point) {
  const bool is_interesting =
      !point.blocked && point.next.offset < kLocksBytes && point.next.offset / kLockStride == lock_;
  interesting_ &= ~(1U << point.cpu);
  if (is_interesting) interesting_ |= 1U << point.cpu;
  if ((point.runnable >> intended_ & 1) == 0) DrawIntended(point.runnable);
  const unsigned waiting = interesting_ & ~(1U << intended_);
  const unsigned chosen = DrawCpu(point.runnable & ~waiting, random_);
  if ((interesting_ >> chosen & 1) != 0) {
    interesting_ &= ~(1U << chosen);
    left_[chosen] -= std::min(left_[chosen], 1U);
    DrawIntended(point.runnable);
  }
  return {.cpu = chosen};
}

}  // namespace rqfuzz
