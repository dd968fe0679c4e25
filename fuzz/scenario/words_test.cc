#include "fuzz/scenario/words.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(WordsTest, LocksHaveLettersThenNumbers) {
  EXPECT_EQ(LockName(0), "A");
  EXPECT_EQ(LockName(25), "Z");
  EXPECT_EQ(LockName(26), "L26");
  for (unsigned lock = 0; lock < kLocksMax; ++lock) EXPECT_EQ(LockWithName(LockName(lock)), lock);
  for (const char* name : {"", "a", "AA", "L25", "L40", "L026"}) EXPECT_FALSE(LockWithName(name)) << name;
}

TEST(WordsTest, DurationsUseTheLargestUnitThatKeepsThemWhole) {
  EXPECT_EQ(DurationText(0), "0ns");
  EXPECT_EQ(DurationText(1), "1ns");
  EXPECT_EQ(DurationText(10'000), "10us");
  EXPECT_EQ(DurationText(1'500'000), "1500us");
  EXPECT_EQ(DurationText(250'000'001), "250000001ns");
  EXPECT_EQ(DurationText(kDurationMax_ns), "10s");
}

TEST(WordsTest, SuggestsNearbyWordsOnly) {
  const std::string_view known[] = {"acquire", "release", "work"};
  EXPECT_EQ(NearestWord("aquire", known), "acquire");
  EXPECT_EQ(NearestWord("relaese", known), "release");
  EXPECT_EQ(NearestWord("xyz", known), "");
  EXPECT_EQ(NearestWord(std::string(100'000, 'w'), known), "");
}

}  // namespace
}  // namespace rqfuzz
