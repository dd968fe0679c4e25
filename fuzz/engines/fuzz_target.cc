#include "fuzz/engines/fuzz_target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "fuzz/engines/campaign_sink.h"
#include "fuzz/engines/coverage.h"
#include "fuzz/engines/crash.h"
#include "fuzz/engines/input.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

// One mutation in this many starts a new scenario instead.
constexpr std::uint64_t kFreshScenarioOneIn = 16;

// The extra counter that each input sets, even one that is too long for a corpus: engines refuse to start, or to go on,
// when their first inputs cover nothing.
constexpr std::size_t kExecutedCounter = 0;

// Mutations for which one random subset of the injectors is kept.
constexpr unsigned kMutationsOfSwarm = 256;

struct Target {
  std::optional<LockChoice> choice;  // empty: what the input names
  FindingSink* sink = nullptr;       // null: the stock binary
  KnownCauses known;                 // stock binary
  Scenario scenario;                 // reused by every execution: nothing is allocated
  Scenario other;                    // the second parent of a cross-over
  Injectors requested;               // besides the default ones
  Injectors swarm;                   // that mutators use now
  unsigned mutations_left = 0;       // until another swarm is drawn
};

Target& TheTarget() {
  static Target target;
  return target;
}

Input InputOf(std::span<const std::uint8_t> bytes) {
  const Target& target = TheTarget();
  return {.bytes = bytes,
          .choice = target.choice.has_value() ? &*target.choice : nullptr,
          .requested = target.requested,
          .budget = IsForAfl() ? kInputBudgetOfAfl : kInputBudget};
}

// What fits of a scenario's bytes; a prefix is a valid scenario as well. Inputs have no drawn schedule: all that
// descends from them would have it. It is drawn for single plays.
std::size_t EncodeOutput(Scenario& scenario, std::uint8_t* out, std::size_t max_size) {
  scenario.schedule = {};
  const std::vector<std::uint8_t> bytes = Encode(scenario);
  const std::size_t size = std::min(bytes.size(), max_size);
  if (size != 0) std::memcpy(out, bytes.data(), size);
  return size;
}

[[noreturn]] void ReportAndCrash(const Scenario& scenario, const Verdict& finding) {
  const std::string text = PrintText({{}, {}, scenario});
  const std::string oracle(finding.oracle);
  // libFuzzer's -minimize_crash=1 keeps to inputs that print the same token.
  std::fprintf(stderr,
               "\nfinding: %s %s\n%s\n\nDEDUP_TOKEN: %s-%s\n\n%s\n"
               "To replay: save the scenario above as FILE.rqs, then: rqfuzz replay --trace FILE.rqs\n\n",
               oracle.c_str(), finding.cause.c_str(), finding.message.c_str(), oracle.c_str(), finding.cause.c_str(),
               text.c_str());
  CrashFor(finding.oracle);
}

// A campaign goes on; the stock binary crashes unless the cause is known.
void Tell(const Scenario& scenario, const Verdict& finding) {
  Target& target = TheTarget();
  if (target.sink != nullptr) {
    target.sink->Report(scenario, finding);
  } else if (target.known.Find(*scenario.lock_type, finding.oracle, finding.cause) == nullptr) {
    ReportAndCrash(scenario, finding);
  }
}

[[noreturn]] void Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  std::exit(1);
}

std::string_view EnvironmentVariable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

void SetCampaignTarget(const LockChoice& choice, const Injectors& requested, FindingSink* sink) {
  TheTarget().choice = choice;
  TheTarget().requested = requested;
  TheTarget().sink = sink;
}

absl::Status ObeyEnvironment() {
  const std::string_view lock = EnvironmentVariable("RQFUZZ_LOCK");
  const std::string_view revision = EnvironmentVariable("RQFUZZ_REVISION");
  const absl::StatusOr<Injectors> requested = RequestedInjectors(EnvironmentVariable("RQFUZZ_WITH"));
  if (!requested.ok()) return requested.status();
  TheTarget().requested = *requested;
  if (lock.empty() && revision.empty()) return absl::OkStatus();
  absl::StatusOr<LockChoice> choice = LockChoice::Find(lock, revision);
  if (!choice.ok()) return choice.status();
  TheTarget().choice = *std::move(choice);
  return absl::OkStatus();
}

}  // namespace rqfuzz

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  using namespace rqfuzz;
  Target& target = TheTarget();
  if (target.sink != nullptr) return 0;
  if (const absl::Status status = ObeyEnvironment(); !status.ok()) Fail(status);
  const absl::StatusOr<FindingSink*> sink = JoinCampaign();
  if (!sink.ok()) Fail(sink.status());
  target.sink = *sink;
  absl::StatusOr<KnownCauses> known = KnownCauses::Load();
  if (!known.ok()) Fail(known.status());
  target.known = *std::move(known);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rqfuzz;
  Target& target = TheTarget();
  bool is_long = false;
  PlayInput(InputOf({data, size}), target.scenario, [&](const Scenario& scenario, const PlayResult& result) {
    if (target.sink != nullptr) target.sink->CountExecution();
    is_long |= result.steps > kCorpusStepsMax;
    if (result.verdict.kind == VerdictKind::kFinding) [[unlikely]]
      Tell(scenario, result.verdict);
    return true;
  });
  if (is_long) [[unlikely]]
    ForgetCoverage();
  ExtraCounters()[kExecutedCounter] = 1;
  PublishCoverage();
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  using namespace rqfuzz;
  Target& target = TheTarget();
  const Input input = InputOf({data, size});
  Random random(seed);
  if (target.mutations_left-- == 0) {
    target.swarm = DrawInjectors(target.requested, random);
    target.mutations_left = kMutationsOfSwarm;
  }
  DecodeInput(input, target.scenario);
  // What made the input worth keeping may be any of its plays.
  if (random.OneIn(2)) MakePlay(input, static_cast<unsigned>(random.Below(input.budget.plays)), target.scenario);
  if (size == 0 || random.Below(kFreshScenarioOneIn) == 0) {
    target.scenario = Generate(random, *target.scenario.lock_type, target.swarm);
  } else {
    Mutate(target.scenario, random, target.swarm);
  }
  return EncodeOutput(target.scenario, data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2, std::uint8_t* out,
                                                 std::size_t max_out_size, unsigned int seed) {
  using namespace rqfuzz;
  Target& target = TheTarget();
  DecodeInput(InputOf({data1, size1}), target.scenario);
  DecodeInput(InputOf({data2, size2}), target.other);
  Random random(seed);
  target.scenario = CrossOver(target.scenario, target.other, random);
  return EncodeOutput(target.scenario, out, max_out_size);
}
