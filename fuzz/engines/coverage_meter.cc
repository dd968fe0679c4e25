#include "fuzz/engines/coverage_meter.h"

#include <algorithm>
#include <array>
#include <bit>

#include "fuzz/check.h"
#include "fuzz/engines/coverage.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

constexpr std::size_t kClasses = 8;
constexpr unsigned kBegunMax = 15;  // more are counted as this many

// REQUIRES: count > 0.
std::size_t ClassOf(std::uint8_t count) {
  if (count <= 3) return count - 1u;
  if (count < 32) return static_cast<std::size_t>(std::bit_width(count));
  return count < 128 ? 6 : 7;
}

// Which CPU the tail names, as the writer sees it: 0 none, 1 the writer itself, 2 another one.
std::uint32_t TailOwner(const locks::WordLayout& word, const Event& write) {
  if (!word.HasQueue() || word.Tail(write.new_value) == 0) return 0;
  return word.TailCpu(write.new_value) == write.cpu ? 1 : 2;
}

std::uint32_t StateOf(const locks::WordLayout& word, const Event& write, unsigned begun) {
  const std::uint32_t locked = word.Locked(write.new_value);
  const std::uint32_t pending = word.Pending(write.new_value);
  const std::uint32_t node = word.HasQueue() ? word.TailIndex(write.new_value) : 0;
  std::uint32_t state = locked | pending << 1 | TailOwner(word, write) << 2 | node << 4;
  state |= static_cast<std::uint32_t>(write.context) << 8;
  return state | std::min(begun, kBegunMax) << 12;
}

}  // namespace

bool CoverageMeter::Add(const Input& input) {
  const std::size_t before = features_.size() + states_.size();
  ClearCoverage();
  bool is_long = false;
  input_states_.clear();
  PlayInput(input, scenario_, [this, &is_long](const Scenario& scenario, const PlayResult& result) {
    AddStates(scenario.lock_type->word, TheMachine().events());
    is_long |= result.steps > kCorpusStepsMax;
    return !is_long;
  });
  if (is_long) return false;
  states_.insert(input_states_.begin(), input_states_.end());
  AddFeatures(0, ExtraCounters());
  AddFeatures(kExtraCounters, CodeCounters());
  return features_.size() + states_.size() > before;
}

void CoverageMeter::AddFeatures(std::size_t first, std::span<const std::uint8_t> counters) {
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (counters[i] != 0) features_.insert((first + i) * kClasses + ClassOf(counters[i]));
  }
}

void CoverageMeter::AddStates(const locks::WordLayout& word, std::span<const Event> events) {
  std::array<unsigned, kMachineCpusMax> begun{};
  for (const Event& event : events) {
    RQFUZZ_CHECK(event.cpu < kMachineCpusMax);
    unsigned& count = begun[event.cpu];
    if (event.kind == EventKind::kAcquireBegin) ++count;
    const bool is_undone =
        event.kind == EventKind::kReleaseEnd || (event.kind == EventKind::kAcquireEnd && event.result != 0);
    if (is_undone && count > 0) --count;
    if (event.kind == EventKind::kWordWrite) input_states_.insert(StateOf(word, event, count));
  }
}

}  // namespace rqfuzz
