#include "fuzz/scenario/mutate.h"

#include <bitset>
#include <memory>

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/repair.h"
#include "fuzz/scenario/text.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

const locks::LockType& Newest() { return locks::AllLockTypes().front(); }
const locks::LockType& Oldest() { return *locks::FindLockType("rqspinlock", "linux-6.15", "generic"); }

const Injectors kAll = ~Injectors();

void ExpectGood(const Scenario& scenario, const locks::LockType& type) {
  ASSERT_TRUE(Validate(scenario).ok()) << Validate(scenario);
  ASSERT_EQ(scenario.lock_type->name, type.name);
  ASSERT_EQ(scenario.lock_type->revision, type.revision);
  Scenario kept = scenario;
  KeepCallersRule(kept);
  ASSERT_EQ(kept, scenario);
  Repair(kept);
  ASSERT_EQ(kept, scenario);
}

TEST(MutateTest, GeneratedScenariosAreGoodAndSurviveBothForms) {
  Random random(1);
  ScenarioFile file;
  Scenario again;
  unsigned with_opt_ins = 0;
  for (int i = 0; i < 10'000; ++i) {
    file.scenario = Generate(random, Oldest(), DrawInjectors(kAll, random));
    with_opt_ins += HasOptIns(file.scenario) ? 1 : 0;
    ASSERT_NO_FATAL_FAILURE(ExpectGood(file.scenario, Oldest()));
    Decode(Encode(file.scenario), again);
    ASSERT_EQ(again, file.scenario);
    if (i % 10 != 0) continue;
    const absl::StatusOr<ScenarioFile> read = ParseText("x.rqs", PrintText(file));
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(*read, file);
  }
  EXPECT_GT(with_opt_ins, 1'000u);
}

TEST(MutateTest, ChainsOfMutationsStayGood) {
  Random random(2);
  Scenario scenario = Generate(random, Oldest());
  for (int i = 0; i < 100'000; ++i) {
    if (i % 100 == 0) scenario = Generate(random, Oldest());
    Mutate(scenario, random, kAll);
    ASSERT_NO_FATAL_FAILURE(ExpectGood(scenario, Oldest())) << i;
  }
}

TEST(MutateTest, AnyDecodedScenarioCanBeMutatedAndCrossed) {
  Random random(3);
  auto first = std::make_unique<Scenario>();
  auto second = std::make_unique<Scenario>();
  for (int i = 0; i < 20'000; ++i) {
    for (Scenario* scenario : {first.get(), second.get()}) {
      std::vector<std::uint8_t> bytes(random.Below(300));
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(24));
      Decode(bytes, *scenario);
    }
    ASSERT_NO_FATAL_FAILURE(ExpectGood(CrossOver(*first, *second, random), *first->lock_type));
    Mutate(*first, random);
    ASSERT_NO_FATAL_FAILURE(ExpectGood(*first, Newest()));
  }
}

TEST(MutateTest, CrossOverOfAScenarioWithItselfIsThatScenario) {
  Random random(4);
  unsigned same = 0;
  for (int i = 0; i < 1000; ++i) {
    const Scenario scenario = Generate(random, Newest());
    const Scenario child = CrossOver(scenario, scenario, random);
    ASSERT_EQ(HandlerCount(child), HandlerCount(scenario));
    ASSERT_EQ(child.faults.size(), scenario.faults.size());
    for (unsigned cpu = 0; cpu < kCpusMax; ++cpu) ASSERT_EQ(child.programs[cpu], scenario.programs[cpu]);
    same += child == scenario ? 1 : 0;  // faults may come in another order
  }
  EXPECT_GT(same, 500u);
}

TEST(MutateTest, IsAFunctionOfTheSeed) {
  Random first(5);
  Random second(5);
  for (int i = 0; i < 1000; ++i) {
    Scenario one = Generate(first, Newest());
    Scenario two = Generate(second, Newest());
    Mutate(one, first);
    Mutate(two, second);
    ASSERT_EQ(one, two);
  }
}

// What share of the generated scenarios has the ingredients of the known bugs. Bounds are less than half of
// what was measured: they guard against a broken distribution, not against a changed one.
TEST(MutateTest, IngredientsOfKnownBugsAreCommon) {
  constexpr int kScenarios = 10'000;
  Random random(6);
  int nmi_takes_lock_of_its_cpu = 0, opposite_orders = 0, deep = 0, virtual_machine = 0, one_cpu_one_lock = 0;
  for (int i = 0; i < kScenarios; ++i) {
    const Scenario scenario = Generate(random, Newest());
    bool takes = false, opposite = false;
    for (unsigned handler = 0; handler < HandlerCount(scenario); ++handler) {
      const Fault& fault = FaultOfHandler(scenario, handler);
      const Program& program = scenario.programs[kCpusMax + handler];
      if (fault.kind != FaultKind::kNmi || fault.moment.kind != MomentKind::kAccess || program.empty()) continue;
      const Operation& interrupted = scenario.programs[fault.moment.program][fault.moment.operation];
      for (const Operation& operation : program) {
        takes |= operation.kind == OperationKind::kAcquire && interrupted.kind != OperationKind::kWork &&
                 operation.lock == interrupted.lock && fault.moment.access <= 30;
      }
    }
    std::bitset<kLocksMax * kLocksMax> nested;
    for (unsigned cpu = 0; cpu < scenario.cpu_count; ++cpu) {
      std::vector<unsigned> held;
      for (const Operation& operation : scenario.programs[cpu]) {
        if (operation.kind == OperationKind::kRelease) held.pop_back();
        if (operation.kind != OperationKind::kAcquire) continue;
        for (const unsigned outer : held) {
          nested.set(outer * kLocksMax + operation.lock);
          opposite |= outer != operation.lock && nested[operation.lock * kLocksMax + outer];
        }
        held.push_back(operation.lock);
      }
    }
    nmi_takes_lock_of_its_cpu += takes ? 1 : 0;
    opposite_orders += opposite ? 1 : 0;
    deep += scenario.lock_count > 31 ? 1 : 0;
    virtual_machine += scenario.virtual_machine ? 1 : 0;
    one_cpu_one_lock += scenario.cpu_count == 1 && scenario.lock_count == 1 ? 1 : 0;
  }
  EXPECT_GT(nmi_takes_lock_of_its_cpu, kScenarios / 5);
  EXPECT_GT(opposite_orders, kScenarios / 10);
  EXPECT_GT(deep, kScenarios / 200);
  EXPECT_GT(virtual_machine, kScenarios / 20);
  EXPECT_GT(one_cpu_one_lock, kScenarios / 100);
}

}  // namespace
}  // namespace rqfuzz
