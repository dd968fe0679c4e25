#include "fuzz/play/fired.h"

#include <algorithm>
#include <array>

#include "fuzz/machine/cpu.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kLongSection_ns = 1'000'000;
constexpr int kTableSlots = 31;

// How many locks each CPU holds or attempts.
class Depths {
 public:
  // Brings the numbers to after the event.
  void Apply(const Event& event) {
    int& depth = depths_[event.cpu];
    if (event.kind == EventKind::kAcquireBegin) ++depth;
    const bool ends =
        event.kind == EventKind::kReleaseEnd || (event.kind == EventKind::kAcquireEnd && event.result != 0);
    if (ends) depth = std::max(depth - 1, 0);  // who misuses a lock releases more than it has
  }
  int Of(unsigned cpu) const { return depths_[cpu]; }

 private:
  std::array<int, kCpusMax> depths_{};
};

class Observer {
 public:
  explicit Observer(const Scenario& scenario) : scenario_(scenario) {}

  void OnEvent(const Event& event) {
    depths_.Apply(event);
    switch (event.kind) {
      case EventKind::kContextEnter:
        return OnEnter(event);
      case EventKind::kStealBegin:
        return Set(Injector::kSteal);
      case EventKind::kOffline:
        return Set(Injector::kOffline);
      case EventKind::kClockJump:
        return Set(Injector::kClockJump);
      case EventKind::kScheduled:
        return Set(Injector::kReschedule);
      case EventKind::kTaskSwitch:
        return Set(Injector::kTask);
      case EventKind::kMisuse:
        return Set(Injector::kMisuse);
      case EventKind::kSpuriousFailure:
        return Set(Injector::kSpuriousFailure);
      case EventKind::kCorruption:
        return Set(Injector::kCorruption);
      case EventKind::kAcquireBegin:
        if (depths_.Of(event.cpu) > kTableSlots) Set(Injector::kTableOverflow);
        if (event.queue_nodes >= kNodesMax) Set(Injector::kNodeExhaustion);
        if (scenario_.slow_by[event.cpu] != 1) Set(Injector::kSlowCpu);
        return;
      case EventKind::kAcquireEnd:
        if (event.clock_read_ns != 0 && HasOddClock(event.cpu)) Set(Injector::kClock);
        if (event.result == 0) since_ns_[event.cpu][event.lock] = event.time_ns;
        held_ += event.result == 0 ? 1 : 0;
        return;
      case EventKind::kReleaseBegin:
        if (event.time_ns - since_ns_[event.cpu][event.lock] >= kLongSection_ns) Set(Injector::kLongSection);
        --held_;
        return;
      case EventKind::kEnd:
        if (held_ > 0 && Keeps()) Set(Injector::kStuckOwner);
        return;
      default:
        return;
    }
  }
  const Injectors& fired() const { return fired_; }

 private:
  void Set(Injector injector) { fired_.set(static_cast<std::size_t>(injector)); }

  void OnEnter(const Event& event) {
    if (event.new_value == kWakeUp) return;
    switch (event.context) {
      case ContextKind::kNmi:
        Set(Injector::kNmi);
        break;
      case ContextKind::kHardirq:
        Set(Injector::kHardirq);
        break;
      case ContextKind::kSoftirq:
        Set(Injector::kSoftirq);
        break;
      case ContextKind::kProgram:
        return Set(Injector::kProgram);
      case ContextKind::kTask:
        return;
    }
    const bool again = came_[event.new_value];
    came_.set(event.new_value);
    if (again) Set(Injector::kStorm);
  }

  bool HasOddClock(unsigned cpu) const {
    return scenario_.clock_granularity_ns != 0 || scenario_.clock_skew_ns[cpu] != 0;
  }

  bool Keeps() const {
    return std::any_of(scenario_.programs.begin(), scenario_.programs.end(), [](const Program& program) {
      return std::any_of(program.begin(), program.end(), [](const Operation& operation) { return operation.keeps; });
    });
  }

  const Scenario& scenario_;
  Depths depths_;
  Injectors fired_;
  std::bitset<kHandlersMax> came_;
  std::array<std::array<std::uint64_t, kLocksMax>, kCpusMax> since_ns_{};
  int held_ = 0;
};

unsigned DepthClass(int depth) {
  if (depth <= 2) return static_cast<unsigned>(depth);
  return depth <= 8 ? 3 : depth <= kTableSlots ? 4 : 5;
}

}  // namespace

Injectors FiredIn(const Scenario& scenario, std::span<const Event> events) {
  Observer observer(scenario);
  for (const Event& event : events) observer.OnEvent(event);
  return observer.fired();
}

LockStates StatesIn(const Scenario& scenario, std::span<const Event> events) {
  const locks::WordLayout& layout = scenario.lock_type->word;
  Depths depths;
  LockStates states;
  for (const Event& event : events) {
    depths.Apply(event);
    if (event.kind != EventKind::kWordWrite) continue;
    const unsigned word = (layout.Locked(event.new_value) ? 1U : 0U) | (layout.Pending(event.new_value) ? 2U : 0U) |
                          (layout.Tail(event.new_value) != 0 ? 4U : 0U);
    const auto context = static_cast<unsigned>(event.context);
    states.set((word * kContextKinds + context) * kTableDepths + DepthClass(depths.Of(event.cpu)));
  }
  return states;
}

}  // namespace rqfuzz
