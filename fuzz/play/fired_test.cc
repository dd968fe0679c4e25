#include "fuzz/play/fired.h"

#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

struct Case {
  std::string text;
  std::string fired;  // names, each with a blank behind it
};

Scenario Read(const std::string& text, unsigned locks) {
  const auto file = ParseText("test", absl::StrCat("lock rqspinlock linux-7.2 generic\nlocks ", locks, "\n", text));
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? file->scenario : Scenario{};
}

std::string FiredNames(const std::string& text, unsigned locks = 1) {
  const Scenario scenario = Read(text, locks);
  Play(scenario);
  const Injectors fired = FiredIn(scenario, TheMachine().events());
  std::string names;
  for (unsigned i = 0; i < kInjectorCount; ++i) {
    if (fired[i]) absl::StrAppend(&names, std::string(InjectorName(static_cast<Injector>(i))), " ");
  }
  return names;
}

TEST(FiredTest, EachIsSeenWhereItFiresAndNotWhereItIsOnlyAsked) {
  const std::string section = "cpu 0\nacquire A\nwork 5us\nrelease A\n";
  const Case cases[] = {
      {section, ""},
      {section + "nmi 0 on cpu 0 at 1us\n", "nmi "},
      {section + "nmi 0 on cpu 0 at 1s\n", ""},
      {section + "hardirq 0 on cpu 0 at 1us every 1us for 2us\n", "hardirq storm "},
      {section + "softirq 0 on cpu 0 at 1us\n", "softirq "},
      {section + "program 0 at contention-begin\n", ""},
      {section + "task 0 on cpu 0 at 1us\n", "task reschedule "},
      {section + "steal on cpu 0 at 1us for 1us\n", "steal "},
      {section + "offline on cpu 0 at 1us\n", "offline "},
      {"cpu 0\nacquire A\nkeep A\n", "stuck-owner "},
      {section + "clock-jump on cpu 0 at 1us by 1ms\n", "clock-jump "},
      {section + "clock granularity 4ms\n", ""},
      {section + "cpu 1\nacquire A\nrelease A\nclock granularity 4ms\n", "clock "},
      {section + "slow cpu 0 by 2\n", "slow-cpu "},
      {"cpu 0\nacquire A\nwork 1ms\nrelease A\n", "long-section "},
      {"cpu 0\nstray-release A\n", "misuse "},
      {section + "spurious-failure in cpu 0 acquire A access 1\n", "spurious-failure "},
      {section + "corruption on cpu 0 at 1us of lock A bit 9\n", "corruption "},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(FiredNames(row.text), row.fired) << row.text;
  }
}

TEST(FiredTest, StatesTellWordContextAndDepth) {
  const Scenario scenario = Read("cpu 0\nacquire A\nacquire B\nrelease B\nrelease A\n", 2);
  Play(scenario);
  const LockStates states = StatesIn(scenario, TheMachine().events());
  EXPECT_EQ(states.count(), 4u);  // locked and free, with one lock in the table and with two
}

}  // namespace
}  // namespace rqfuzz
