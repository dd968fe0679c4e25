#include "fuzz/scenario/line_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "fuzz/scenario/durations.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/words.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kDigits = "0123456789";

// The number that `digits` spell; the largest there is if they spell a larger one. Nothing if they are no digits.
std::optional<std::uint64_t> Spelt(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  std::uint64_t number = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return result.ec == std::errc() ? number : UINT64_MAX;
}

std::string Range(unsigned low, unsigned high) {
  if (low == high) return std::to_string(low) + ", the only one there is";
  return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

std::string Quoted(std::string_view word) {
  constexpr std::size_t kLongest = 40;
  if (word.size() <= kLongest) return "'" + std::string(word) + "'";
  std::size_t end = kLongest;
  while ((static_cast<std::uint8_t>(word[end]) & 0xC0) == 0x80) --end;  // do not cut a character in two
  return "'" + std::string(word.substr(0, end)) + "...'";
}

std::string Listed(std::span<const std::string_view> words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

bool LineReader::Fail(Position position, std::string what, std::string mend) {
  error_ = {position, std::move(what), std::move(mend)};
  return false;
}

bool LineReader::FailUnknown(std::span<const std::string_view> known) {
  const std::string_view nearest = NearestWord(Peek(), known);
  const std::string mend =
      nearest.empty() ? "known here: " + Listed(known) : "did you mean " + Quoted(nearest) + "?";
  return Fail(position(), "unknown word " + Quoted(Peek()), mend);
}

bool LineReader::TryWord(std::string_view word) {
  if (AtEnd() || Peek() != word) return false;
  ++next_;
  return true;
}

bool LineReader::TakeAny(const std::string& what, std::string_view& word) {
  if (AtEnd()) return Fail(position(), "the line ends too early", "add " + what);
  word = Peek();
  ++next_;
  return true;
}

bool LineReader::TakeOneOf(std::span<const std::string_view> words, std::size_t& index) {
  if (AtEnd()) return Fail(position(), "the line ends too early", "add one of: " + Listed(words));
  const auto found = std::find(words.begin(), words.end(), Peek());
  if (found == words.end()) return FailUnknown(words);
  index = static_cast<std::size_t>(found - words.begin());
  ++next_;
  return true;
}

bool LineReader::TakeWord(std::string_view word) {
  std::size_t index = 0;
  return TakeOneOf(std::span(&word, 1), index);
}

bool LineReader::ToNumber(std::string_view digits, const std::string& things, unsigned low, unsigned high,
                          unsigned& number) {
  const std::optional<std::uint64_t> spelt = Spelt(digits);
  const std::string mend = "write " + Range(low, high);
  const std::string word = things + ": " + Quoted(Peek());
  if (!spelt) return Fail(position(), word + " is not a number", mend);
  if (*spelt < low || *spelt > high) return Fail(position(), word + " is out of range", mend);
  number = static_cast<unsigned>(*spelt);
  ++next_;
  return true;
}

bool LineReader::TakeNumber(const std::string& things, unsigned low, unsigned high, unsigned& number) {
  if (AtEnd()) return Fail(position(), "the line ends too early", "add a number (" + things + ")");
  return ToNumber(Peek(), things, low, high, number);
}

bool LineReader::TakeOrdinal(unsigned high, unsigned& ordinal) {
  if (AtEnd() || Peek().front() != '#') return true;
  return ToNumber(Peek().substr(1), "number of the operation", 1, high, ordinal);
}

bool LineReader::TakeDuration(std::uint64_t& duration_ns) {
  const std::string mend = "write a whole number and one of the units ns, us, ms, s, as in 10us";
  if (AtEnd()) return Fail(position(), "a duration is missing", mend);
  const std::string_view word = Peek();
  const std::string_view digits = word.substr(0, std::min(word.find_first_not_of(kDigits), word.size()));
  const std::string_view unit_name = word.substr(digits.size());
  const std::optional<std::uint64_t> count = Spelt(digits);
  if (!count || unit_name.starts_with('.')) return Fail(position(), Quoted(word) + " is not a duration", mend);
  if (unit_name.empty()) return Fail(position(), "the duration " + Quoted(word) + " has no unit", mend);
  const std::optional<std::uint64_t> unit_ns = UnitWithName_ns(unit_name);
  if (!unit_ns) return Fail(position(), "unknown unit " + Quoted(unit_name), mend);
  if (*count > kDurationMax_ns / *unit_ns) {
    return Fail(position(), "the duration " + Quoted(word) + " is too long", "write at most 10s");
  }
  duration_ns = *count * *unit_ns;
  ++next_;
  return true;
}

bool LineReader::TakeLock(unsigned lock_count, std::uint8_t& lock) {
  const std::string mend = lock_count == 1 ? "the only lock is A; raise the number on the 'locks' line for more"
                                           : "the locks are A to " + LockName(lock_count - 1) +
                                                 "; raise the number on the 'locks' line for more";
  if (AtEnd()) return Fail(position(), "a lock is missing", mend);
  const std::optional<unsigned> named = LockWithName(Peek());
  if (!named) return Fail(position(), Quoted(Peek()) + " is not the name of a lock", mend);
  if (*named >= lock_count) return Fail(position(), "lock " + std::string(Peek()) + " is not declared", mend);
  lock = static_cast<std::uint8_t>(*named);
  ++next_;
  return true;
}

bool LineReader::TakeEnd() {
  if (AtEnd()) return true;
  return Fail(position(), Quoted(Peek()) + " does not belong on this line",
              "remove it, or begin a comment with '# '");
}

}  // namespace rqfuzz
