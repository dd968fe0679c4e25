// What idle.cc claims: skipping looks for deadlocks between which memory has not changed loses nothing.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

// Accesses beyond the first few of an operation can lie in a wait, and how many turns of a wait are played is what
// differs: a fault there comes at another time.
bool CountsTurns(const Scenario& scenario) {
  constexpr unsigned kBeforeAnyWait = 20;
  return scenario.schedule.kind != ScheduleKind::kSwitches ||
         std::any_of(scenario.faults.begin(), scenario.faults.end(), [](const Fault& fault) {
           return fault.moment.kind == MomentKind::kAccess && fault.moment.access > kBeforeAnyWait;
         });
}

// The events of the last execution in order, without times. Reads of queue nodes by waiters are left out.
std::string WhatHappened() {
  std::string story;
  for (const Event& event : TheMachine().events()) {
    if (event.kind == EventKind::kNodeTouch) continue;
    absl::StrAppend(&story, static_cast<int>(event.kind), " ", event.cpu, " ", event.depth, " ", event.lock, " ",
                    event.result);
    // Of a hang: who has read the clock in its last turn.
    if (event.kind != EventKind::kHang) absl::StrAppend(&story, " ", event.old_value, " ", event.new_value);
    absl::StrAppend(&story, "\n");
  }
  return story;
}

// Not all are the same: each look costs some points, so what falls on the same millisecond may come in another order,
// and a waiter whose looks were skipped looks at once when memory changes, where another would have up to a
// millisecond to wait. Both are executions that the machine allows. Of 103,365 inputs 356 differed so, 18 of them in the
// verdict.
TEST(SkippingTest, SameEventsAndVerdictsAsWithoutSkipping) {
  constexpr unsigned kInputs = 6'000;
  unsigned compared = 0;
  unsigned other_events = 0;
  unsigned other_verdicts = 0;
  for (unsigned index = 0; index < kInputs; ++index) {
    const Scenario scenario = RandomInput(index);
    if (CountsTurns(scenario)) continue;
    const Verdict skipping = Play(scenario).verdict;
    const std::string story = WhatHappened();
    const Verdict patient = PlayWithoutSkipping(scenario).verdict;
    ++compared;
    other_events += story != WhatHappened();
    other_verdicts += skipping.kind != patient.kind || skipping.oracle != patient.oracle;
  }
  EXPECT_GT(compared, kInputs / 5);
  EXPECT_LT(other_events, compared / 100);
  EXPECT_LE(other_verdicts, compared / 1000);
}

// The point of it.
TEST(SkippingTest, WithoutSkippingAWaitTakesManyTimesAsManySteps) {
  Scenario scenario;
  scenario.lock_type = locks::FindLockType("rqspinlock", "linux-7.2", "generic");
  scenario.cpu_count = 2;
  scenario.programs[0] = {
      {.kind = OperationKind::kAcquire}, {.duration_ns = 300'000'000}, {.kind = OperationKind::kRelease}};
  scenario.programs[1] = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  EXPECT_GT(PlayWithoutSkipping(scenario).steps, 10 * Play(scenario).steps);
}

}  // namespace
}  // namespace rqfuzz
