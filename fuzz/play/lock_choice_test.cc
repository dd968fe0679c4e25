#include "fuzz/play/lock_choice.h"

#include <string>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(LockChoiceTest, TheDefaultIsTheNewestRqspinlock) {
  const auto choice = LockChoice::Find("", "");
  ASSERT_TRUE(choice.ok()) << choice.status();
  EXPECT_EQ(choice->Name(), "rqspinlock linux-7.2");
}

TEST(LockChoiceTest, ReplacesTheRevisionAndKeepsTheBuild) {
  const auto choice = LockChoice::Find("rqspinlock", "linux-6.17");
  ASSERT_TRUE(choice.ok()) << choice.status();
  for (const locks::LockType& type : locks::AllLockTypes()) {
    Scenario scenario;
    scenario.lock_type = &type;
    choice->ApplyTo(scenario);
    EXPECT_EQ(scenario.lock_type->revision, "linux-6.17");
    if (locks::FindLockType("rqspinlock", "linux-6.17", type.build) != nullptr) {
      EXPECT_EQ(scenario.lock_type->build, type.build);
    }
  }
}

TEST(LockChoiceTest, ErrorsListWhatThereIs) {
  const std::string no_revision(LockChoice::Find("", "linux-1.0").status().message());
  EXPECT_NE(no_revision.find("linux-6.17"), std::string::npos) << no_revision;
  const std::string no_lock(LockChoice::Find("mutex", "").status().message());
  EXPECT_NE(no_lock.find("rqspinlock"), std::string::npos) << no_lock;
}

}  // namespace
}  // namespace rqfuzz
