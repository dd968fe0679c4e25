// Splits the text form into lines of words, and finds what no text may contain.
#ifndef FUZZ_SCENARIO_LEXER_H_
#define FUZZ_SCENARIO_LEXER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace rqfuzz {

// A place in a text; both count from 1, columns in bytes.
struct Position {
  unsigned line = 1;
  unsigned column = 1;
};

struct Token {
  std::string_view text;
  Position position;
};

struct Line {
  std::vector<Token> tokens;  // without comments; words are separated by spaces and tabs
  std::string_view comment;   // what follows "#", if the line begins with it
  bool is_comment = false;
  Position end;               // just behind the last word, where a missing one belongs
};

// Where an error is and what to say about it.
struct TextError {
  Position position;
  std::string what;
  std::string mend;
};

// kInvalidArgument, "FILE:LINE:COLUMN: what; mend".
absl::Status ToStatus(std::string_view file_name, const TextError& error);

// Splits `line`, line number `number`, without its end. A comment runs from a '#' that is the first character of the
// line but for blanks, or that stands between blanks, to the end; '#' is part of a word elsewhere ("#2").
Line SplitLine(std::string_view line, unsigned number);

// True and `error` filled in if `text` contains a byte that no text may contain: NUL, or one that is not UTF-8.
bool FindBadByte(std::string_view text, TextError& error);

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_LEXER_H_
