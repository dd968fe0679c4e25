#include "fuzz/scenario/lexer.h"

#include <algorithm>
#include <cstdint>

namespace rqfuzz {
namespace {

bool IsBlank(char character) { return character == ' ' || character == '\t'; }

// Length of the UTF-8 sequence at the start of `text`, 0 if there is none (overlong forms and surrogates included).
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool too_large = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

Position PositionOf(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_end = before.rfind('\n');
  const std::size_t line_start = line_end == std::string_view::npos ? 0 : line_end + 1;
  return {.line = 1 + static_cast<unsigned>(std::count(before.begin(), before.end(), '\n')),
          .column = 1 + static_cast<unsigned>(offset - line_start)};
}

}  // namespace

absl::Status ToStatus(std::string_view file_name, const TextError& error) {
  return absl::InvalidArgumentError(std::string(file_name) + ":" + std::to_string(error.position.line) + ":" +
                                    std::to_string(error.position.column) + ": " + error.what + "; " + error.mend);
}

Line SplitLine(std::string_view line, unsigned number) {
  Line split;
  split.end = {number, 1};
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && IsBlank(line[at])) ++at;
    if (at == line.size()) return split;
    const bool stands_alone = at + 1 == line.size() || IsBlank(line[at + 1]);
    if (line[at] == '#' && (split.tokens.empty() || stands_alone)) {
      split.is_comment = split.tokens.empty();
      if (split.is_comment) split.comment = line.substr(at + 1);
      return split;
    }
    const std::size_t start = at;
    while (at < line.size() && !IsBlank(line[at])) ++at;
    split.tokens.push_back({line.substr(start, at - start), {number, static_cast<unsigned>(start + 1)}});
    split.end.column = static_cast<unsigned>(at + 1);
  }
}

bool FindBadByte(std::string_view text, TextError& error) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = SequenceLength(text.substr(at));
    if (length != 0 && text[at] != '\0') {
      at += length;
      continue;
    }
    const bool nul = text[at] == '\0';
    error = {PositionOf(text, at), nul ? "the text contains a NUL byte" : "the text is not UTF-8",
             nul ? "remove it; a binary scenario is turned into text by converting it"
                 : "save the file as UTF-8"};
    return true;
  }
  return false;
}

}  // namespace rqfuzz
