#include "fuzz/scenario/swarm.h"

#include <gtest/gtest.h>

#include "fuzz/scenario/mutate.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

const locks::LockType& Newest() { return *locks::FindLockType("rqspinlock", "linux-7.2", "generic"); }

// What of the scenario shows in its lines which injectors it was given.
Injectors ShownIn(const Scenario& scenario) {
  Injectors shown;
  const auto set = [&shown](Injector injector) { shown.set(static_cast<std::size_t>(injector)); };
  for (const Fault& fault : scenario.faults) {
    if (fault.period_ns != 0) {
      set(Injector::kStorm);
      continue;
    }
    switch (fault.kind) {
      case FaultKind::kSwitch:
        break;
      case FaultKind::kNmi:
        set(Injector::kNmi);
        break;
      case FaultKind::kHardirq:
        set(Injector::kHardirq);
        break;
      case FaultKind::kSoftirq:
        set(Injector::kSoftirq);
        break;
      case FaultKind::kSteal:
        set(Injector::kSteal);
        break;
      case FaultKind::kReschedule:
        set(Injector::kReschedule);
        break;
      case FaultKind::kOffline:
        set(Injector::kOffline);
        break;
      case FaultKind::kClockJump:
        set(Injector::kClockJump);
        break;
      case FaultKind::kProgram:
        set(Injector::kProgram);
        break;
      case FaultKind::kTask:
        set(Injector::kTask);
        break;
      case FaultKind::kSpuriousFailure:
        set(Injector::kSpuriousFailure);
        break;
      case FaultKind::kCorruption:
        set(Injector::kCorruption);
        break;
    }
  }
  if (HasMisuse(scenario)) set(Injector::kMisuse);
  for (const Program& program : scenario.programs) {
    unsigned open = 0;
    for (const Operation& operation : program) {
      if (operation.keeps) set(Injector::kStuckOwner);
      if (operation.kind == OperationKind::kAcquire && ++open > 31) set(Injector::kTableOverflow);
      if (operation.kind == OperationKind::kRelease) --open;
      if (open != 0 && operation.duration_ns >= 1'000'000) set(Injector::kLongSection);
    }
  }
  if (scenario.clock_granularity_ns != 0) set(Injector::kClock);
  for (const std::uint64_t skew_ns : scenario.clock_skew_ns) {
    if (skew_ns != 0) set(Injector::kClock);
  }
  for (const std::uint8_t slow_by : scenario.slow_by) {
    if (slow_by != 1) set(Injector::kSlowCpu);
  }
  return shown;
}

// Node exhaustion shows as programs.
Injectors AllowedBy(Injectors injectors) {
  if (Has(injectors, Injector::kNodeExhaustion)) injectors.set(static_cast<std::size_t>(Injector::kProgram));
  return injectors;
}

TEST(SwarmTest, WhatIsSwitchedOffIsNeverDrawn) {
  Random random(1);
  const Injectors requested = ~Injectors();
  for (int i = 0; i < 5'000; ++i) {
    const Injectors on = DrawInjectors(requested, random);
    Scenario scenario = Generate(random, Newest(), on);
    Injectors allowed = AllowedBy(on);
    ASSERT_EQ(ShownIn(scenario) & ~allowed, Injectors()) << on << " " << ShownIn(scenario);
    // Mutators change durations as they like: those of sections are a matter of the programs that they begin with.
    allowed.set(static_cast<std::size_t>(Injector::kLongSection));
    for (int k = 0; k < 8; ++k) {
      Mutate(scenario, random, on);
      ASSERT_EQ(ShownIn(scenario) & ~allowed, Injectors()) << on << " " << ShownIn(scenario);
      ASSERT_TRUE(Validate(scenario).ok());
    }
  }
}

TEST(SwarmTest, NothingIsDrawnThatWasNotRequested) {
  Random random(2);
  for (int i = 0; i < 5'000; ++i) {
    Scenario scenario = Generate(random, Newest());
    for (int k = 0; k < 4; ++k) {
      ASSERT_FALSE(HasOptIns(scenario));
      Mutate(scenario, random);
    }
  }
}

TEST(SwarmTest, EachInjectorIsOnEveryOtherTimeAndTheNmiMoreOften) {
  constexpr int kDraws = 20'000;
  Random random(4);
  int on[kInjectorCount] = {};
  for (int i = 0; i < kDraws; ++i) {
    const Injectors drawn = DrawInjectors({}, random);
    for (unsigned k = 0; k < kInjectorCount; ++k) on[k] += drawn[k];
  }
  for (unsigned k = 0; k < kInjectorCount; ++k) {
    const bool is_nmi = static_cast<Injector>(k) == Injector::kNmi;
    const int share = IsOptIn(static_cast<Injector>(k)) ? 0 : kDraws * (is_nmi ? 3 : 2) / 4;
    EXPECT_NEAR(on[k], share, kDraws / 50) << InjectorName(static_cast<Injector>(k));
  }
}

TEST(SwarmTest, EachInjectorIsInAFairShareOfScenarios) {
  constexpr int kScenarios = 20'000;
  Random random(3);
  int with[kInjectorCount] = {};
  for (int i = 0; i < kScenarios; ++i) {
    const Injectors on = DrawInjectors(~Injectors(), random);
    const Injectors shown = ShownIn(Generate(random, Newest(), on));
    for (unsigned k = 0; k < kInjectorCount; ++k) with[k] += shown[k];
  }
  for (unsigned k = 0; k < kInjectorCount; ++k) {
    if (static_cast<Injector>(k) == Injector::kNodeExhaustion) continue;  // it shows as programs
    const std::string_view name = InjectorName(static_cast<Injector>(k));
    EXPECT_GT(with[k], kScenarios / 100) << name;
    EXPECT_LT(with[k], kScenarios * 2 / 3) << name;
  }
}

TEST(SwarmTest, OnlyOptInsCanBeRequested) {
  Injectors both;
  both.set(static_cast<std::size_t>(Injector::kMisuse)).set(static_cast<std::size_t>(Injector::kCorruption));
  EXPECT_EQ(*RequestedInjectors("corruption,misuse"), both);
  EXPECT_EQ(*RequestedInjectors(""), Injectors());
  EXPECT_EQ(std::string(RequestedInjectors("misuse,nmi").status().message()),
            "'nmi' is not used on request; name some of: misuse, spurious-failure, corruption");
}

}  // namespace
}  // namespace rqfuzz
