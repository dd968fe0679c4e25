// When things go wrong: where they can meet something.
#include <algorithm>

#include "fuzz/scenario/draw.h"

namespace rqfuzz {
namespace {

// When a CPU is busy, if it has not had to wait: who wants what it holds has come to wait by then.
std::uint64_t DrawTimeInWork_ns(const Scenario& scenario, Random& random) {
  std::uint64_t begin_ns = 0;
  std::uint64_t drawn_ns = 0;
  unsigned seen = 0;
  for (const Operation& operation : scenario.programs[random.Below(scenario.cpu_count)]) {
    const std::uint64_t end_ns = begin_ns + operation.duration_ns;
    if (operation.duration_ns > 0 && random.OneIn(++seen)) drawn_ns = random.Between(begin_ns, end_ns);
    begin_ns = end_ns;
  }
  return seen > 0 ? std::min(drawn_ns, kDurationMax_ns) : DrawTime_ns(random);
}

bool TurnsInterruptsOff(const Operation& operation) {
  const bool saves =
      operation.entry_point == EntryPoint::kIrqsave || operation.entry_point == EntryPoint::kBpfIrqsave;
  return operation.kind == OperationKind::kAcquire && saves;
}

}  // namespace

std::uint16_t DrawAccess(OperationKind kind, Random& random) {
  // What a release makes, and an acquire that need not wait.
  constexpr std::uint64_t kFew = 9;
  if (kind == OperationKind::kWork) return 1;
  if (kind != OperationKind::kAcquire) return static_cast<std::uint16_t>(random.Between(1, kFew));
  std::uint64_t high = kFew;
  switch (DrawWeighted({12, 15, 4, 1}, random)) {
    case 0:
      break;
    case 1:
      high = 40;
      break;
    case 2:
      high = 120;
      break;
    default:
      high = std::min<std::uint64_t>(std::uint64_t{1} << random.Between(7, 16), kAccessMax);
  }
  return static_cast<std::uint16_t>(random.Between(1, high));
}

Moment DrawMoment(const Scenario& scenario, unsigned handlers, Random& random) {
  constexpr unsigned kTries = 4;
  if (random.OneIn(5)) return DrawTimeMoment(scenario, random);
  for (unsigned i = 0; i < kTries; ++i) {
    const bool in_handler = handlers > 0 && random.OneIn(6);
    const std::uint64_t index = in_handler ? kCpusMax + random.Below(handlers) : random.Below(scenario.cpu_count);
    const Program& program = scenario.programs[index];
    if (program.empty()) continue;
    std::uint64_t operation = random.Below(program.size());
    // Little goes wrong at work: prefer the lock's own operations.
    if (program[operation].kind == OperationKind::kWork) operation = random.Below(program.size());
    return {.program = static_cast<std::uint8_t>(index),
            .operation = static_cast<std::uint8_t>(operation),
            .access = DrawAccess(program[operation].kind, random)};
  }
  return DrawTimeMoment(scenario, random);
}

Moment DrawTimeMoment(const Scenario& scenario, Random& random) {
  return {.kind = MomentKind::kTime,
          .cpu = static_cast<std::uint8_t>(random.Below(scenario.cpu_count)),
          .time_ns = random.OneIn(3) ? DrawTime_ns(random) : DrawTimeInWork_ns(scenario, random)};
}

Moment DrawMomentWithInterruptsOff(const Scenario& scenario, Random& random) {
  Moment moment = DrawMoment(scenario, HandlerCount(scenario), random);
  unsigned seen = 0;
  for (std::uint8_t cpu = 0; cpu < scenario.cpu_count; ++cpu) {
    const Program& program = scenario.programs[cpu];
    for (unsigned i = 0; i < program.size(); ++i) {
      if (!TurnsInterruptsOff(program[i]) || !random.OneIn(++seen)) continue;
      const std::uint64_t operation = random.Between(i, MatchingRelease(program, i));
      moment = {.program = cpu,
                .operation = static_cast<std::uint8_t>(operation),
                .access = DrawAccess(program[operation].kind, random)};
    }
  }
  return moment;
}

}  // namespace rqfuzz
