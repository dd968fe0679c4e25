#include "fuzz/scenario/lexer.h"

#include <string>

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

// The words of a line, each followed by its column.
std::string Words(std::string_view line) {
  std::string words;
  for (const Token& token : SplitLine(line, 1).tokens) {
    words += std::string(token.text) + "@" + std::to_string(token.position.column) + " ";
  }
  return words;
}

TEST(LexerTest, SplitsAtBlanks) {
  EXPECT_EQ(Words("  acquire\tA  "), "acquire@3 A@11 ");
  EXPECT_EQ(Words(" \t "), "");
  EXPECT_EQ(SplitLine("release A  ", 7).end.column, 10u);
  EXPECT_EQ(SplitLine("release A  ", 7).end.line, 7u);
}

TEST(LexerTest, TellsCommentsFromOrdinals) {
  EXPECT_EQ(Words("acquire A #2 # two"), "acquire@1 A@9 #2@11 ");
  EXPECT_EQ(Words("cpu 0 #"), "cpu@1 0@5 ");
  EXPECT_EQ(Words("A# b"), "A#@1 b@4 ");
  EXPECT_EQ(Words("  #2"), "");
  EXPECT_TRUE(SplitLine("  #two ", 1).is_comment);
  EXPECT_EQ(SplitLine("  #two ", 1).comment, "two ");
  EXPECT_FALSE(SplitLine("cpu 0 # two", 1).is_comment);
}

TEST(LexerTest, FindsBytesThatNoTextMayContain) {
  TextError error;
  for (const char* good : {"", "plain\n", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x90\x9B", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_FALSE(FindBadByte(good, error)) << good;
  }
  for (const char* bad : {"\x80", "\xC3", "\xC1\x81", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    EXPECT_TRUE(FindBadByte(bad, error));
  }
  EXPECT_TRUE(FindBadByte(std::string("a\nbc\0", 5), error));
  EXPECT_EQ(error.position.line, 2u);
  EXPECT_EQ(error.position.column, 3u);
}

}  // namespace
}  // namespace rqfuzz
