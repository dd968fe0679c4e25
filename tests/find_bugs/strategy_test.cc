#include "tests/find_bugs/strategy.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

// What a strategy finds in a lock that is broken in a race, as text.
std::string Story(const std::string& name, std::uint64_t seed) {
  const std::vector<Bug> bugs = *BrokenBugs();
  const auto bug =
      std::find_if(bugs.begin(), bugs.end(), [](const Bug& b) { return b.name == "pending-clears-then-takes"; });
  EXPECT_NE(bug, bugs.end());
  const std::unique_ptr<Strategy> strategy = MakeStrategy(name, seed);
  std::string story;
  for (int i = 1; i <= 500; ++i) story += strategy->Play(*bug, i).message + "\n";
  return story;
}

TEST(StrategyTest, IsAFunctionOfItsSeed) {
  for (const std::string& name : StrategyNames()) {
    EXPECT_EQ(Story(name, 1), Story(name, 1)) << name;
    EXPECT_NE(Story(name, 1), Story(name, 2)) << name;
  }
}

// Ownership passes within two accesses: rare switches seldom come there, uniform ones often.
TEST(StrategyTest, UniformSchedulesSwitchAtEveryPoint) {
  EXPECT_NE(Story("uniform-schedule", 1).find("owns it since"), std::string::npos);
}

}  // namespace
}  // namespace rqfuzz
