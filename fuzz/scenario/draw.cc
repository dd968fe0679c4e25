#include "fuzz/scenario/draw.h"

#include <algorithm>
#include <bitset>
#include <span>
#include <string_view>

#include "fuzz/scenario/durations.h"

namespace rqfuzz {
namespace {

struct WeightedDuration {
  std::uint64_t duration_ns;
  unsigned weight;
};

constexpr WeightedDuration kWorks[] = {
    {0, 1},
    {100, 3},
    {1 * kMicrosecond_ns, 6},
    {10 * kMicrosecond_ns, 4},
    {100 * kMicrosecond_ns, 5},
    {900 * kMicrosecond_ns, 2},
    {1'100 * kMicrosecond_ns, 2},
    {1'500 * kMicrosecond_ns, 3},
    {3 * kMillisecond_ns, 4},
    {20 * kMillisecond_ns, 1},
    {100 * kMillisecond_ns, 2},
    {260 * kMillisecond_ns, 4},
    {510 * kMillisecond_ns, 2},
    {600 * kMillisecond_ns, 4},
    {1'100 * kMillisecond_ns, 1},
    {2 * kSecond_ns, 3},
};

// What is shorter than an interval of checks is a switch; what counts is which limits are over when the CPU comes
// back.
constexpr WeightedDuration kThefts[] = {
    {10 * kMicrosecond_ns, 1},  {1'500 * kMicrosecond_ns, 2}, {20 * kMillisecond_ns, 1}, {260 * kMillisecond_ns, 4},
    {600 * kMillisecond_ns, 4}, {1'100 * kMillisecond_ns, 2}, {2 * kSecond_ns, 1},
};

constexpr WeightedDuration kTimes[] = {
    {500, 1},
    {2 * kMicrosecond_ns, 2},
    {20 * kMicrosecond_ns, 2},
    {200 * kMicrosecond_ns, 1},
    {500 * kMicrosecond_ns, 4},
    {1'500 * kMicrosecond_ns, 5},
    {3 * kMillisecond_ns, 5},
    {10 * kMillisecond_ns, 1},
    {100 * kMillisecond_ns, 4},
    {260 * kMillisecond_ns, 4},
    {400 * kMillisecond_ns, 1},
    {510 * kMillisecond_ns, 2},
    {750 * kMillisecond_ns, 1},
    {1'100 * kMillisecond_ns, 1},
};

// Mostly from `favourites`, sometimes any of the interesting values, rarely any value of any magnitude.
std::uint64_t DrawFrom(std::span<const WeightedDuration> favourites, Random& random) {
  if (random.OneIn(32)) return std::min(random.Below(std::uint64_t{1} << random.Between(1, 34)), kDurationMax_ns);
  if (random.OneIn(8)) return kDurations_ns[random.Below(kDurations_ns.size())];
  std::uint64_t sum = 0;
  for (const WeightedDuration& favourite : favourites) sum += favourite.weight;
  std::uint64_t drawn = random.Below(sum);
  for (const WeightedDuration& favourite : favourites) {
    if (drawn < favourite.weight) return favourite.duration_ns;
    drawn -= favourite.weight;
  }
  return 0;
}

Operation Work(Random& random) { return {.duration_ns = DrawDuration_ns(random)}; }

// Operations that a section may still add: room for its own release and those around it is kept.
constexpr std::size_t kSectionRoom = 12;

using LockSet = std::bitset<kLocksMax>;

// One that is not held, as a rule: one that is, is AA at once.
unsigned DrawInnerLock(unsigned lock_count, const LockSet& held, Random& random) {
  auto lock = static_cast<unsigned>(random.Below(lock_count));
  if (held.count() >= lock_count || random.OneIn(6)) return lock;
  while (held[lock]) lock = (lock + 1) % lock_count;
  return lock;
}

// acquire, perhaps work and a nested section, release. `held`: the locks of the sections around it.
void AppendSection(Program& program, unsigned lock, unsigned lock_count, LockSet held, unsigned depth, Random& random) {
  constexpr unsigned kDepthMax = 4;
  if (program.size() + kSectionRoom > kOperationsMax) return;
  const auto index = static_cast<std::uint8_t>(lock);
  program.push_back({.kind = OperationKind::kAcquire,
                     .lock = index,
                     .entry_point = DrawEntryPoint(random),
                     .retries = DrawRetries(random)});
  // Nobody comes to wait for a lock whose owner has nothing to do.
  if (!random.OneIn(depth == 1 ? 4 : 2)) program.push_back(Work(random));
  held.set(lock);
  if (depth < kDepthMax && random.OneIn(held.count() < lock_count ? 2 : 4)) {
    AppendSection(program, DrawInnerLock(lock_count, held, random), lock_count, held, depth + 1, random);
    if (random.OneIn(4)) program.push_back(Work(random));
  }
  program.push_back({.kind = OperationKind::kRelease, .lock = index});
}

// The first one half of the time: most of what goes wrong takes a crowd at one lock.
unsigned DrawLock(unsigned lock_count, Random& random) {
  return random.OneIn(2) ? 0 : static_cast<unsigned>(random.Below(lock_count));
}

// A lock that matters to the context which the moment interrupts: the one that its operation is about, one that it
// holds then, or any that its CPU takes.
unsigned DrawLockAt(const Scenario& scenario, const Moment& moment, Random& random) {
  // A tracing program at a tracepoint runs on any CPU: what CPU 0 takes stands for all.
  const bool at_time = moment.kind != MomentKind::kAccess;
  const Program& program = scenario.programs[at_time ? moment.cpu : moment.program];
  boost::container::static_vector<std::uint8_t, kOperationsMax> held;
  const std::size_t end = at_time ? program.size() : moment.operation;
  for (std::size_t i = 0; i < end; ++i) {
    if (program[i].kind == OperationKind::kAcquire) held.push_back(program[i].lock);
    // At a time nobody knows how far the CPU has come: everything it takes counts.
    if (program[i].kind == OperationKind::kRelease && !at_time) held.pop_back();
  }
  if (random.OneIn(4)) return DrawLock(scenario.lock_count, random);
  const bool is_about_lock = !at_time && program[moment.operation].kind != OperationKind::kWork;
  if (is_about_lock && (held.empty() || !random.OneIn(3))) return program[moment.operation].lock;
  if (!held.empty()) return held[random.Below(held.size())];
  return DrawLock(scenario.lock_count, random);
}

}  // namespace

unsigned DrawWeighted(std::initializer_list<unsigned> weights, Random& random) {
  std::uint64_t sum = 0;
  for (const unsigned weight : weights) sum += weight;
  std::uint64_t drawn = random.Below(sum);
  unsigned index = 0;
  for (const unsigned weight : weights) {
    if (drawn < weight) break;
    drawn -= weight;
    ++index;
  }
  return index;
}

std::uint64_t DrawDuration_ns(Random& random) { return DrawFrom(kWorks, random); }
std::uint64_t DrawTheft_ns(Random& random) { return DrawFrom(kThefts, random); }
std::uint64_t DrawTime_ns(Random& random) { return DrawFrom(kTimes, random); }

EntryPoint DrawEntryPoint(Random& random) { return static_cast<EntryPoint>(DrawWeighted({5, 2, 1, 1}, random)); }

std::uint8_t DrawRetries(Random& random) {
  if (!random.OneIn(8)) return 0;
  return static_cast<std::uint8_t>(random.OneIn(8) ? random.Between(4, kRetriesMax) : random.Between(1, 3));
}

const locks::LockType* DrawBuild(const locks::LockType& type, Random& random) {
  // The full x86 build polls 65,536 times between two checks: one of its timeouts costs as much as thousands of
  // others, so that about one scenario in four thousand is enough for it to take its share of the time.
  const auto weight = [](std::string_view build) -> std::uint64_t {
    if (build == "generic") return 6 * 1024;
    return build == "x86-full" ? 3 : 3 * 1024;
  };
  std::uint64_t sum = 0;
  const auto matches = [&](const locks::LockType& row) {
    return row.name == type.name && row.revision == type.revision;
  };
  for (const locks::LockType& row : locks::AllLockTypes()) sum += matches(row) ? weight(row.build) : 0;
  std::uint64_t drawn = sum == 0 ? 0 : random.Below(sum);
  for (const locks::LockType& row : locks::AllLockTypes()) {
    if (!matches(row)) continue;
    if (drawn < weight(row.build)) return &row;
    drawn -= weight(row.build);
  }
  return &type;  // a lock outside the registry
}

const locks::LockType* InheritBuild(const locks::LockType& type, Random& random) {
  constexpr std::uint32_t kRareChecks = 1000;
  return type.spins_per_check > kRareChecks ? DrawBuild(type, random) : &type;
}

bool DrawVirtualMachine(const locks::LockType& type, Random& random) {
  return type.has_test_and_set_path && random.OneIn(6);
}

Program DrawProgram(unsigned lock_count, Random& random) {
  Program program;
  const unsigned sections = 1 + DrawWeighted({6, 3, 1}, random);
  for (unsigned i = 0; i < sections; ++i) {
    if (random.OneIn(4)) program.push_back(Work(random));
    AppendSection(program, DrawLock(lock_count, random), lock_count, {}, 1, random);
  }
  return program;
}

Program DrawDeepProgram(Scenario& scenario, Random& random) {
  const auto locks = static_cast<std::uint8_t>(random.Between(30, kLocksMax));
  scenario.lock_count = std::max(scenario.lock_count, locks);
  Program program;
  for (std::uint8_t lock = 0; lock < locks; ++lock) {
    program.push_back({.kind = OperationKind::kAcquire, .lock = lock});
  }
  const auto again = static_cast<std::uint8_t>(random.OneIn(2) ? locks - 1 - random.Below(9) : random.Below(locks));
  program.push_back({.kind = OperationKind::kAcquire, .lock = again});
  if (random.OneIn(4)) program.push_back(Work(random));
  program.push_back({.kind = OperationKind::kRelease, .lock = again});
  for (unsigned lock = locks; lock-- > 0;) {
    program.push_back({.kind = OperationKind::kRelease, .lock = static_cast<std::uint8_t>(lock)});
  }
  return program;
}

Program DrawHandlerProgram(const Scenario& scenario, const Moment& moment, Random& random) {
  Program program;
  if (random.OneIn(8)) program.push_back(Work(random));
  if (random.OneIn(12)) return program;
  const unsigned sections = random.OneIn(8) ? 2 : 1;
  for (unsigned i = 0; i < sections; ++i) {
    const unsigned lock = DrawLockAt(scenario, moment, random);
    constexpr unsigned kNoNesting = 4;
    AppendSection(program, lock, scenario.lock_count, {}, random.OneIn(3) ? 2 : kNoNesting, random);
  }
  return program;
}

}  // namespace rqfuzz
