#include "fuzz/oracles/judge.h"

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include "fuzz/oracles/bystanders.h"
#include "fuzz/oracles/caller_rule.h"
#include "fuzz/oracles/context_restored.h"
#include "fuzz/oracles/corruption.h"
#include "fuzz/oracles/deadlock_by_caller.h"
#include "fuzz/oracles/error_cause.h"
#include "fuzz/oracles/exclusion.h"
#include "fuzz/oracles/fair.h"
#include "fuzz/oracles/limits_of_time.h"
#include "fuzz/oracles/misuse.h"
#include "fuzz/oracles/nmi_never_waits.h"
#include "fuzz/oracles/no_hang.h"
#include "fuzz/oracles/node_safety.h"
#include "fuzz/oracles/not_usable_in_nmi.h"
#include "fuzz/oracles/oracle.h"
#include "fuzz/oracles/prompt_aa.h"
#include "fuzz/oracles/prompt_abba.h"
#include "fuzz/oracles/recovery.h"
#include "fuzz/oracles/violation_report.h"
#include "fuzz/oracles/weak_cas.h"
#include "fuzz/oracles/world_changes.h"

namespace rqfuzz {
namespace {

// In order of precedence: what explains most comes first. The rules for callers come last because they tell the
// consequences that the others have found, and a deadlock is a consequence of breaking one of the others.
using Oracles =
    std::tuple<ExclusionOracle, NodeSafetyOracle, NoHangOracle, PromptAaOracle, NmiNeverWaitsOracle, PromptAbbaOracle,
               BystandersOracle, ErrorCauseOracle, OwnLimitOracle, InheritedLimitOracle, FairOracle,
               ContextRestoredOracle, RecoveryOracle, ViolationReportOracle, MisuseOracle, NotUsableInNmiOracle,
               CallerRuleOracle, DeadlockByCallerOracle, CorruptionOracle, WeakCasOracle>;

// Calls `function(oracle, rank)` for each oracle in turn.
template <typename Function, std::size_t... kRanks>
void ForEach(Oracles& oracles, Function function, std::index_sequence<kRanks...>) {
  (function(std::get<kRanks>(oracles), kRanks), ...);
}

template <typename Function>
void ForEach(Oracles& oracles, Function function) {
  ForEach(oracles, function, std::make_index_sequence<std::tuple_size_v<Oracles>>());
}

template <std::size_t... kRanks>
constexpr auto MakeSpeakers(std::index_sequence<kRanks...>) {
  return std::array<Speaker, sizeof...(kRanks)>{
      Speaker{.name = std::tuple_element_t<kRanks, Oracles>::kName, .rank = kRanks}...};
}

constexpr auto kSpeakers = MakeSpeakers(std::make_index_sequence<std::tuple_size_v<Oracles>>());

// What is needed to judge an execution.
struct Court {
  World world;
  Oracles oracles;
  Reports reports;
};

// What an event of kind `kKind` costs is decided here: only the oracles that want to see it are called, and what the
// world does then is known when this is compiled.
template <std::size_t kKind>
void Show(Court& court, const Event& event) {
  ForEach(court.oracles, [&](auto& oracle, std::size_t rank) {
    if constexpr ((std::remove_reference_t<decltype(oracle)>::kEvents & (EventSet{1} << kKind)) != 0) {
      if (event.kind != static_cast<EventKind>(kKind))
        __builtin_unreachable();  // so that no oracle asks for it again
      oracle.OnEvent(court.world, event, Report(court.reports, kSpeakers[rank]));
    }
  });
  court.world.ApplyAs(static_cast<EventKind>(kKind), event);
}

using ShowFunction = void (*)(Court&, const Event&);

// Indexed by kind.
template <std::size_t... kKinds>
constexpr auto MakeShowFunctions(std::index_sequence<kKinds...>) {
  return std::array<ShowFunction, sizeof...(kKinds)>{&Show<kKinds>...};
}

constexpr auto kShowFunctions = MakeShowFunctions(std::make_index_sequence<kEventKinds>());

void PassTime(Court& court, std::uint64_t passed_ns) {
  ForEach(court.oracles, [&](auto& oracle, std::size_t) {
    if constexpr (requires { oracle.OnTime(court.world, passed_ns); }) oracle.OnTime(court.world, passed_ns);
  });
}

constexpr auto kNames = [] {
  std::array<std::string_view, kSpeakers.size()> names;
  for (const Speaker& speaker : kSpeakers) names[speaker.rank] = speaker.name;
  return names;
}();

}  // namespace

Verdict Judge(std::span<const Event> events, const WorldOptions& options) {
  static Court court;
  court.world.Reset(events, options);
  court.reports.Reset();
  ForEach(court.oracles, [](auto& oracle, std::size_t) { oracle.Reset(); });
  std::uint32_t index = 0;
  for (const Event& event : events) {
    if (const std::uint64_t passed_ns = court.world.PassTime(event)) [[unlikely]] PassTime(court, passed_ns);
    court.reports.set_event(index++);
    kShowFunctions[static_cast<unsigned>(event.kind)](court, event);
  }
  court.reports.set_event(index);
  ForEach(court.oracles, [&](auto& oracle, std::size_t rank) {
    oracle.OnEnd(court.world, Report(court.reports, kSpeakers[rank]));
  });
  return court.reports.Take();
}

std::span<const std::string_view> OracleNames() { return kNames; }

std::string_view VerdictKindName(VerdictKind kind) {
  constexpr std::string_view kKinds[] = {"pass", "limit", "finding", "caller", "machine"};
  return kKinds[static_cast<unsigned>(kind)];
}

}  // namespace rqfuzz
