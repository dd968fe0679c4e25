#include "fuzz/study/parallel_time.h"

#include <algorithm>
#include <cmath>

#include "fuzz/check.h"
#include "fuzz/machine/memory.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kLineBytes = 64;

}  // namespace

ParallelRun::ParallelRun(const ParallelOptions& options)
    : options_(options), random_(options.seed), lines_(kStacksOffset / kLineBytes) {
  RQFUZZ_CHECK(options.stolen_share >= 0 && options.stolen_share < 1 && options.cpus <= kMachineCpusMax);
}

ParallelResult ParallelRun::Run() {
  for (unsigned cpu = 0; cpu < options_.cpus && options_.stolen_share > 0; ++cpu) {
    // It begins anywhere in its pattern, in a stolen time too.
    const double unit = static_cast<double>(random_.Below(1'000'000)) / 1e6;
    if (unit < options_.stolen_share) {
      cpus_[cpu].now_ns = random_.Below(options_.stolen_ns);
    }
    PlanSteal(cpu, cpus_[cpu].now_ns);
  }
  TheMachine().Run({.cpu_count = options_.cpus,
                    .lock_count = 1,
                    .lock_type = options_.type,
                    .virtual_machine = options_.virtual_machine,
                    .driver_chooses = true,
                    .trace = &trace_},
                   *this);
  RQFUZZ_CHECK(TheMachine().events().back().kind == EventKind::kEnd);
  for (unsigned cpu = 0; cpu < options_.cpus; ++cpu) result_.end_ns = std::max(result_.end_ns, cpus_[cpu].now_ns);
  return result_;
}

// Time between two steals is exponential, with the mean that makes the share.
void ParallelRun::PlanSteal(unsigned cpu, std::uint64_t from_ns) {
  const double mean_ns =
      static_cast<double>(options_.stolen_ns) * (1 - options_.stolen_share) / options_.stolen_share;
  const double unit = (static_cast<double>(random_.Below(1'000'000)) + 1) / 1e6;
  cpus_[cpu].stolen_from_ns = from_ns + static_cast<std::uint64_t>(-std::log(unit) * mean_ns) + 1;
}

void ParallelRun::Work(unsigned cpu, std::uint64_t duration_ns) {
  ParallelCpu& own = cpus_[cpu];
  own.now_ns += duration_ns;
  while (own.stolen_from_ns <= own.now_ns) {
    own.now_ns += options_.stolen_ns;
    PlanSteal(cpu, own.now_ns);
  }
}

void ParallelRun::WaitUntil(unsigned cpu, std::uint64_t time_ns) {
  ParallelCpu& own = cpus_[cpu];
  own.now_ns = std::max(own.now_ns, time_ns);
  while (own.stolen_from_ns <= own.now_ns) {
    const std::uint64_t given_back_ns = own.stolen_from_ns + options_.stolen_ns;
    own.now_ns = std::max(own.now_ns, given_back_ns);
    PlanSteal(cpu, given_back_ns);
  }
}

void ParallelRun::ChargeAccess(unsigned cpu, std::uint64_t offset, bool writes) {
  Work(cpu, options_.costs.hit_ns);
  if (offset >= kStacksOffset) return;
  Line& line = lines_[offset / kLineBytes];
  const unsigned bit = 1U << cpu;
  const bool has = writes ? line.sharers == bit : (line.sharers & bit) != 0;
  if (!has) {
    WaitUntil(cpu, line.free_ns);
    Work(cpu, options_.costs.transfer_ns);
    line.sharers = writes ? bit : line.sharers | bit;
    line.free_ns = cpus_[cpu].now_ns;
  }
  if (writes) line.free_ns = std::max(line.free_ns, cpus_[cpu].now_ns);
}

void ParallelRun::Charge(unsigned cpu) {
  const std::vector<TraceRecord>& records = trace_.records();
  std::size_t last = records.size();
  while (last > charged_ && records[last - 1].kind == TraceKind::kEvent) --last;
  if (last == charged_) return;
  const TraceRecord& step = records[last - 1];
  charged_ = records.size();
  RQFUZZ_CHECK(step.cpu == cpu);
  switch (step.kind) {
    case TraceKind::kLoad:
      return ChargeAccess(cpu, step.offset, false);
    case TraceKind::kStore:
      return ChargeAccess(cpu, step.offset, true);
    case TraceKind::kReadModifyWrite:
      ChargeAccess(cpu, step.offset, true);
      return Work(cpu, options_.costs.atomic_ns);
    case TraceKind::kRelax:
      return Work(cpu, options_.costs.relax_ns);
    case TraceKind::kClock:
      return Work(cpu, options_.costs.clock_ns);
    case TraceKind::kService:
      return Work(cpu, options_.costs.hit_ns);
    // Nothing on this architecture: only the compiler is told.
    case TraceKind::kFence:
    case TraceKind::kEvent:
      return;
  }
}

// Of the CPUs in the mask, the one whose clock is behind.
unsigned ParallelRun::Earliest(unsigned runnable) const {
  unsigned best = kMachineCpusMax;
  for (unsigned i = 0; i < options_.cpus; ++i) {
    if ((runnable >> i & 1) == 0) continue;
    if (best == kMachineCpusMax || cpus_[i].now_ns < cpus_[best].now_ns) best = i;
  }
  RQFUZZ_CHECK(best != kMachineCpusMax);
  return best;
}

void ParallelRun::OnAlarm(unsigned cpu) {
  Charge(cpu);
  TheMachine().Prefer(Earliest(TheMachine().RunnableCpus()));
  TheMachine().SetAlarm(TheMachine().CurrentPoint() + 1);
}

unsigned ParallelRun::ChooseCpu(unsigned runnable) {
  // What the CPU did that cannot go on.
  Charge(hot.cpu);
  return Earliest(runnable);
}

void ParallelRun::RunCpu(unsigned cpu) {
  const locks::EntryPoints& lock_functions = *options_.type->entry_points;
  void* const lock = reinterpret_cast<void*>(LockAddress(0));
  Random random(options_.seed * 100 + cpu);
  TheMachine().StartCount(1);
  for (;;) {
    Work(cpu, random.Below(options_.think_max_ns + 1));
    TheMachine().Sleep(0);
    if (cpus_[cpu].now_ns >= options_.horizon_ns) break;
    const std::uint64_t begin_ns = cpus_[cpu].now_ns;
    const int error = lock_functions.raw_acquire(lock);
    Charge(cpu);
    result_.waits_ns.push_back(static_cast<double>(cpus_[cpu].now_ns - begin_ns));
    ++result_.acquires;
    if (error != 0) {
      ++result_.failures;
      continue;
    }
    Work(cpu, options_.section_ns);
    TheMachine().Sleep(0);
    lock_functions.raw_release(lock);
    Charge(cpu);
  }
}

}  // namespace rqfuzz
