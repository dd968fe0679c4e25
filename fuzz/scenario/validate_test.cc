#include "fuzz/scenario/validate.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

constexpr Operation Acquire(std::uint8_t lock) { return {.kind = OperationKind::kAcquire, .lock = lock}; }
constexpr Operation Release(std::uint8_t lock) { return {.kind = OperationKind::kRelease, .lock = lock}; }

// Two CPUs; an NMI in CPU 0, an NMI in that NMI, and a switch in the second.
Scenario Valid() {
  Scenario scenario;
  scenario.lock_type = &locks::AllLockTypes().front();
  scenario.cpu_count = 2;
  scenario.lock_count = 2;
  scenario.programs[0] = {Acquire(0), Acquire(1), Release(1), Release(0)};
  scenario.programs[1] = {Acquire(1), {.kind = OperationKind::kWork, .duration_ns = 5}, Release(1)};
  scenario.programs[kCpusMax] = {Acquire(0), Release(0)};
  scenario.programs[kCpusMax + 1] = {Acquire(0), Acquire(0), Release(0), Release(0)};
  scenario.faults = {
      {.kind = FaultKind::kSwitch, .moment = {.program = kCpusMax + 1, .operation = 3}, .target_cpu = 1},
      {.kind = FaultKind::kNmi, .moment = {.program = 0, .operation = 2, .access = 7}},
      {.kind = FaultKind::kNmi, .moment = {.program = kCpusMax, .operation = 1}},
      {.kind = FaultKind::kSteal, .moment = {.kind = MomentKind::kTime, .cpu = 1, .time_ns = 9}, .duration_ns = 3}};
  return scenario;
}

TEST(ValidateTest, AcceptsAValidScenario) { EXPECT_TRUE(Validate(Valid()).ok()) << Validate(Valid()); }

TEST(ScenarioTest, HelpersFollowHandlersToTheirCpu) {
  const Scenario scenario = Valid();
  EXPECT_EQ(HandlerCount(scenario), 2u);
  EXPECT_EQ(&FaultOfHandler(scenario, 1), &scenario.faults[2]);
  EXPECT_EQ(CpuOfMoment(scenario, scenario.faults[0].moment), 0u);
  EXPECT_EQ(CpuOfMoment(scenario, scenario.faults[3].moment), 1u);
  EXPECT_EQ(MatchingRelease(scenario.programs[0], 0), 3u);
  EXPECT_EQ(MatchingRelease(scenario.programs[0], 1), 2u);
}

struct Offence {
  std::string message;
  std::function<void(Scenario&)> commit;
};

TEST(ValidateTest, NamesEveryOffence) {
  const Offence offences[] = {
      {"no lock type", [](Scenario& s) { s.lock_type = nullptr; }},
      {"CPU count", [](Scenario& s) { s.cpu_count = 0; }},
      {"CPU count", [](Scenario& s) { s.cpu_count = kCpusMax + 1; }},
      {"lock count", [](Scenario& s) { s.lock_count = kLocksMax + 1; }},
      {"lock count", [](Scenario& s) { s.lock_count = 0; }},
      {"program 5: belongs to no", [](Scenario& s) { s.programs[5] = s.programs[0]; }},
      {"program 10: belongs to no", [](Scenario& s) { s.programs[kCpusMax + 2] = s.programs[0]; }},
      {"program 0, operation 1: lock out of range", [](Scenario& s) { s.programs[0][1].lock = 2; }},
      {"too many retries", [](Scenario& s) { s.programs[0][0].retries = kRetriesMax + 1; }},
      {"duration too long", [](Scenario& s) { s.programs[1][1].duration_ns = kDurationMax_ns + 1; }},
      {"not used", [](Scenario& s) { s.programs[1][1].retries = 1; }},
      {"not used", [](Scenario& s) { s.programs[1][2].entry_point = EntryPoint::kBpf; }},
      {"not held", [](Scenario& s) { s.programs[0].push_back(Release(0)); }},
      {"not the innermost", [](Scenario& s) { s.programs[0][2].lock = 0; }},
      {"never released", [](Scenario& s) { s.programs[0].pop_back(); }},
      {"fault 1: the moment names no program", [](Scenario& s) { s.faults[1].moment.program = 2; }},
      {"fault 2: the moment names no program", [](Scenario& s) { s.faults[2].moment.program = kCpusMax + 1; }},
      {"the moment names no operation", [](Scenario& s) { s.faults[1].moment.operation = 4; }},
      {"access out of range", [](Scenario& s) { s.faults[1].moment.access = 0; }},
      {"access out of range", [](Scenario& s) { s.faults[1].moment.access = kAccessMax + 1; }},
      {"fault 3: CPU out of range", [](Scenario& s) { s.faults[3].moment.cpu = 2; }},
      {"time too late", [](Scenario& s) { s.faults[3].moment.time_ns = kDurationMax_ns + 1; }},
      {"not used", [](Scenario& s) { s.faults[3].moment.access = 2; }},
      {"not used", [](Scenario& s) { s.faults[1].duration_ns = 2; }},
      {"target CPU", [](Scenario& s) { s.faults[0].target_cpu = 2; }},
      {"second interrupt", [](Scenario& s) { s.faults[2].moment = s.faults[1].moment; }},
      {"too many interrupts",
       [](Scenario& s) {
         for (unsigned i = 0; i < kHandlersMax; ++i) s.faults.push_back({.kind = FaultKind::kHardirq});
       }},
  };
  for (const Offence& offence : offences) {
    Scenario scenario = Valid();
    offence.commit(scenario);
    const std::string message(Validate(scenario).message());
    EXPECT_NE(message.find(offence.message), std::string::npos) << message << "\n is not: " << offence.message;
  }
}

}  // namespace
}  // namespace rqfuzz
