#include "fuzz/oracles/recovery.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kContended = R"(
  cpu 0
    acquire A
      work 1us
    release A
  cpu 1
    acquire A
    release A
)";

TEST(RecoveryTest, AnEntryThatIsMadeTwiceAndTakenBackOnceIsFound) {
  const std::string text = absl::StrCat("virtual-machine\nlocks 1\n", std::string(kContended));
  EXPECT_EQ(Judged("linux-6.18-stable", text), "finding recovery table-count-left");
  EXPECT_EQ(Judged("linux-7.0", text), "pass");
  EXPECT_EQ(Judged("linux-6.18-stable", absl::StrCat("locks 1\n", std::string(kContended))), "pass");
}

// The verdict if the word of lock A holds `value` at the end.
std::string WordLeft(std::uint32_t value) {
  WrittenExecution execution(1);
  execution.Take(0).Release(0).Add(EventKind::kEnd, 0);
  Event& left = execution.Add(EventKind::kLeftover, 0);
  left.lock = 0;
  left.new_value = value;
  return execution.Judged();
}

TEST(RecoveryTest, WhatIsLeftInTheWordIsNamed) {
  EXPECT_EQ(WordLeft(0x1), "finding recovery locked-left-in-the-word");
  EXPECT_EQ(WordLeft(0x100), "finding recovery pending-left-in-the-word");
  EXPECT_EQ(WordLeft(0x40000), "finding recovery tail-left-in-the-word");
}

}  // namespace
}  // namespace rqfuzz
