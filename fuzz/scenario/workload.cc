// Workloads: what real callers of the lock do, as corpus/seeds/ has it in text.
#include <algorithm>

#include "fuzz/scenario/draw.h"
#include "fuzz/scenario/durations.h"

namespace rqfuzz {
namespace {

void Acquire(Program& program, unsigned lock, EntryPoint entry_point) {
  program.push_back(
      {.kind = OperationKind::kAcquire, .lock = static_cast<std::uint8_t>(lock), .entry_point = entry_point});
}
void Release(Program& program, unsigned lock) {
  program.push_back({.kind = OperationKind::kRelease, .lock = static_cast<std::uint8_t>(lock)});
}
void Work(Program& program, std::uint64_t duration_ns) { program.push_back({.duration_ns = duration_ns}); }

// Short, as real sections are; now and then of any length.
std::uint64_t DrawSection_ns(Random& random) {
  return random.OneIn(8) ? DrawDuration_ns(random) : random.Between(1, 20) * 100;
}

void Section(Program& program, unsigned lock, EntryPoint entry_point, Random& random) {
  Acquire(program, lock, entry_point);
  Work(program, DrawSection_ns(random));
  Release(program, lock);
}

void Nested(Program& program, unsigned outer, unsigned inner, EntryPoint entry_point, Random& random) {
  Acquire(program, outer, entry_point);
  Work(program, DrawSection_ns(random));
  Section(program, inner, entry_point, random);
  Release(program, outer);
}

// Each appends what one CPU does with `locks` locks. A hash map has a lock for each bucket; update and delete take
// one, a batch walks all of them.
void HashMap(Program& program, unsigned, unsigned locks, Random& random) {
  if (random.OneIn(3)) {
    for (unsigned lock = 0; lock < locks; ++lock) Section(program, lock, EntryPoint::kIrqsave, random);
    return;
  }
  for (std::uint64_t left = random.Between(1, 3); left > 0; --left) {
    Section(program, static_cast<unsigned>(random.Below(locks)), EntryPoint::kIrqsave, random);
  }
}

// An update takes the bucket's lock and the list's inside, eviction the other way round.
void LruMap(Program& program, unsigned, unsigned, Random& random) {
  const unsigned outer = random.OneIn(3) ? 1 : 0;
  Nested(program, outer, 1 - outer, EntryPoint::kIrqsave, random);
}

// The CPU's own list, then every other one in turn, again and again.
void FreeList(Program& program, unsigned cpu, unsigned locks, Random& random) {
  for (std::uint64_t i = 0; i < locks * random.Between(1, 2); ++i) {
    Section(program, static_cast<unsigned>((cpu + i) % locks), EntryPoint::kRaw, random);
  }
}

void Trie(Program& program, unsigned, unsigned, Random& random) {
  for (std::uint64_t left = random.Between(1, 3); left > 0; --left) Section(program, 0, EntryPoint::kIrqsave, random);
}

// Strictly nested, from any lock on, some of them with interrupts off: those inside one that has them off.
void BpfProgram(Program& program, unsigned, unsigned locks, Random& random) {
  const std::uint64_t first = random.OneIn(3) ? random.Below(locks) : 0;
  const std::uint64_t with_interrupts = random.Below(locks + 1);
  for (unsigned i = 0; i < locks; ++i) {
    Acquire(program, static_cast<unsigned>((first + i) % locks),
            i < with_interrupts ? EntryPoint::kBpf : EntryPoint::kBpfIrqsave);
  }
  Work(program, DrawSection_ns(random));
  for (unsigned i = locks; i-- > 0;) Release(program, static_cast<unsigned>((first + i) % locks));
}

void StressAa(Program& program, unsigned, unsigned, Random& random) {
  Acquire(program, 0, EntryPoint::kRaw);
  Section(program, 0, EntryPoint::kRaw, random);
  Work(program, DrawSection_ns(random));
  Release(program, 0);
}

// ABBA with two locks, ABBCCA with three.
void StressCycle(Program& program, unsigned cpu, unsigned locks, Random& random) {
  Nested(program, cpu % locks, (cpu + 1) % locks, EntryPoint::kRaw, random);
}

// CPU 0 owns A and tries B; the others wait for A, CPU 2 with B in its hands.
void HandOver(Program& program, unsigned cpu, unsigned, Random& random) {
  if (cpu % 4 == 0) return Nested(program, 0, 1, EntryPoint::kRaw, random);
  if (cpu % 4 == 2) return Nested(program, 1, 0, EntryPoint::kRaw, random);
  Work(program, random.Between(1, 20) * 100);
  Acquire(program, 0, EntryPoint::kRaw);
  Release(program, 0);
}

struct Workload {
  void (*append)(Program& program, unsigned cpu, unsigned locks, Random& random);
  std::uint8_t fewest_locks;
  std::uint8_t most_locks;
};

constexpr Workload kWorkloads[] = {{HashMap, 2, 3},    {LruMap, 2, 2},   {FreeList, 2, 4},    {Trie, 1, 1},
                                   {BpfProgram, 2, 8}, {StressAa, 1, 1}, {StressCycle, 2, 3}, {HandOver, 2, 2}};

// A perf event's NMI, again and again, that does what the task does, as a profiler's reservation of a ring buffer.
void AddSampling(Scenario& scenario, const Workload& workload, const Injectors& injectors, Random& random) {
  const auto cpu = static_cast<std::uint8_t>(random.Below(scenario.cpu_count));
  Fault fault{.kind = FaultKind::kNmi,
              .moment = {.kind = MomentKind::kTime, .cpu = cpu, .time_ns = random.Between(1, 40) * 100}};
  if (Has(injectors, Injector::kStorm)) DrawRepetition(fault, random);
  workload.append(scenario.programs[kCpusMax], cpu, scenario.lock_count, random);
  scenario.faults.push_back(fault);
}

}  // namespace

void DrawWorkload(Scenario& scenario, const Injectors& injectors, Random& random) {
  const bool mixed = random.OneIn(4);
  const auto draw = [&random]() -> const Workload& { return kWorkloads[random.Below(std::size(kWorkloads))]; };
  const Workload* workload = &draw();
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    if (mixed) workload = &draw();
    const auto locks = static_cast<unsigned>(random.Between(workload->fewest_locks, workload->most_locks));
    scenario.lock_count = std::max(scenario.lock_count, static_cast<std::uint8_t>(locks));
    scenario.programs[cpu].clear();
    // What all CPUs take in the same workload is of the same number.
    workload->append(scenario.programs[cpu], cpu, mixed ? locks : scenario.lock_count, random);
  }
  if (Has(injectors, Injector::kNmi) && random.OneIn(3)) AddSampling(scenario, *workload, injectors, random);
}

void DrawNodeExhaustion(Scenario& scenario, Random& random) {
  constexpr unsigned kNested = kNodesMax + 1;
  static_assert(kTracingProgramsMax + 1 == kNested && kNested + 2 <= kCpusMax);
  scenario.cpu_count = kNested + 2;
  scenario.lock_count = std::max<std::uint8_t>(scenario.lock_count, kNested);
  for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) scenario.programs[cpu].clear();
  Program& nests = scenario.programs[0];
  Work(nests, 10 * kMicrosecond_ns);
  Section(nests, 0, EntryPoint::kRaw, random);
  Program& owner = scenario.programs[1];
  for (unsigned lock = 0; lock < kNested; ++lock) Acquire(owner, lock, EntryPoint::kRaw);
  Work(owner, std::max(DrawDuration_ns(random), 20 * kMicrosecond_ns));
  for (unsigned lock = kNested; lock-- > 0;) Release(owner, lock);
  for (unsigned lock = 0; lock < kNested; ++lock) {
    Work(scenario.programs[2 + lock], 5 * kMicrosecond_ns);
    Section(scenario.programs[2 + lock], lock, EntryPoint::kRaw, random);
  }
  for (unsigned i = 0; i < kTracingProgramsMax; ++i) {
    scenario.faults.push_back({.kind = FaultKind::kProgram, .moment = {.kind = MomentKind::kContentionBegin}});
    Section(scenario.programs[kCpusMax + i], i + 1, EntryPoint::kRaw, random);
  }
}

}  // namespace rqfuzz
