#include "fuzz/engines/injector_study.h"

#include <algorithm>
#include <chrono>

#include "fuzz/engines/coverage.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/mutate.h"
#include "lock/revision.h"

namespace rqfuzz {
namespace {

constexpr unsigned kExecutionsOfSwarm = 256;
constexpr std::uint64_t kFreshOneIn = 16;
constexpr std::uint64_t kCrossOverOneIn = 8;
// One swarm in so many may draw what is used on request only.
constexpr std::uint64_t kOptInsOneIn = 4;
constexpr std::uint64_t kStepsOfCorpusMax = 4'000;

}  // namespace

InjectorStudy::InjectorStudy(std::uint64_t seed)
    : random_(seed), blocks_(CodeCounters().size()), states_(kLockStates) {}

bool InjectorStudy::Reach(Reached& thing, const Injectors& fired) {
  const bool is_new = !thing.reached;
  thing.common = is_new ? fired : thing.common & fired;
  thing.reached = true;
  return is_new;
}

unsigned InjectorStudy::OnlyWith(const std::vector<Reached>& things, Injector injector) {
  return static_cast<unsigned>(std::count_if(things.begin(), things.end(), [injector](const Reached& thing) {
    return thing.reached && Has(thing.common, injector);
  }));
}

unsigned InjectorStudy::ReachedStates() const {
  return static_cast<unsigned>(
      std::count_if(states_.begin(), states_.end(), [](const Reached& state) { return state.reached; }));
}

Scenario InjectorStudy::Next() {
  if (swarm_left_-- == 0) {
    swarm_ = DrawInjectors(random_.OneIn(kOptInsOneIn) ? ~Injectors() : Injectors(), random_);
    swarm_left_ = kExecutionsOfSwarm;
  }
  if (corpus_.empty() || random_.OneIn(kFreshOneIn)) {
    const std::string_view revision = locks::kRevisions[revision_++ % locks::kRevisionCount].name;
    return Generate(random_, *locks::FindLockType("rqspinlock", revision, "generic"), swarm_);
  }
  Scenario scenario = corpus_[random_.Below(corpus_.size())];
  if (random_.OneIn(kCrossOverOneIn)) {
    return CrossOver(scenario, corpus_[random_.Below(corpus_.size())], random_);
  }
  Mutate(scenario, random_, swarm_);
  return scenario;
}

void InjectorStudy::Play(const Scenario& scenario) {
  const std::span<std::uint8_t> counters = CodeCounters();
  std::fill(counters.begin(), counters.end(), std::uint8_t{0});
  const PlayResult result = rqfuzz::Play(scenario);
  ++executions_;
  const std::span<const Event> events = TheMachine().events();
  const Injectors fired = FiredIn(scenario, events);
  for (std::size_t i = 0; i < kInjectorCount; ++i) fired_[i] += fired[i] ? 1 : 0;
  bool is_new = false;
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (counters[i] != 0) is_new |= Reach(blocks_[i], fired);
  }
  const LockStates states = StatesIn(scenario, events);
  for (std::size_t i = 0; i < kLockStates; ++i) {
    if (states[i]) is_new |= Reach(states_[i], fired);
  }
  if (is_new && result.steps <= kStepsOfCorpusMax) corpus_.push_back(scenario);
}

void InjectorStudy::Run(double seconds) {
  const auto start = std::chrono::steady_clock::now();
  do {
    for (int i = 0; i < 64; ++i) Play(Next());
  } while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds);
}

}  // namespace rqfuzz
