// Takes the words of one line of the text form, one after the other, and says what is wrong with them.
#ifndef FUZZ_SCENARIO_LINE_READER_H_
#define FUZZ_SCENARIO_LINE_READER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/scenario/lexer.h"

namespace rqfuzz {

// `word` in quotes, shortened if it is very long.
std::string Quoted(std::string_view word);
// "a, b, c".
std::string Listed(std::span<const std::string_view> words);

// Every Take...() reads the next word, or returns false and fills in the error, after which the reader is of no
// more use. Used by the parser only.
class LineReader {
 public:
  // REQUIRES: `line` and `error` outlive the reader.
  LineReader(const Line& line, TextError& error) : line_(line), error_(error) {}

  // Position of the next word, or the end of the line.
  Position position() const { return AtEnd() ? line_.end : line_.tokens[next_].position; }
  // The next word, or nothing at the end of the line.
  std::string_view Peek() const { return AtEnd() ? std::string_view() : line_.tokens[next_].text; }
  bool AtEnd() const { return next_ == line_.tokens.size(); }

  // Takes the next word if it is `word`.
  bool TryWord(std::string_view word);
  // Any word. `what` names it in the error: "a revision".
  bool TakeAny(const std::string& what, std::string_view& word);
  // One of `words`; `index` is which.
  bool TakeOneOf(std::span<const std::string_view> words, std::size_t& index);
  bool TakeWord(std::string_view word);
  // A number from `low` to `high`; `things` names what is counted or numbered: "locks", "CPU".
  bool TakeNumber(const std::string& things, unsigned low, unsigned high, unsigned& number);
  // "#2": `ordinal`, at most `high`. Leaves it alone, and returns true, if the next word has no '#'.
  bool TakeOrdinal(unsigned high, unsigned& ordinal);
  bool TakeDuration(std::uint64_t& duration_ns);
  // A lock below `lock_count`.
  bool TakeLock(unsigned lock_count, std::uint8_t& lock);
  // True at the end of the line.
  bool TakeEnd();

  // Fills in the error; false.
  bool Fail(Position position, std::string what, std::string mend);
  // An unknown word: suggests the nearest of `known`, or lists them.
  bool FailUnknown(std::span<const std::string_view> known);

 private:
  bool ToNumber(std::string_view digits, const std::string& things, unsigned low, unsigned high, unsigned& number);

  const Line& line_;
  TextError& error_;
  std::size_t next_ = 0;
};

}  // namespace rqfuzz

#endif  // FUZZ_SCENARIO_LINE_READER_H_
