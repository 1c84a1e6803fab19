// framework/pipeline/source_lines.cpp - places in a text of UTF-8.
#include "pipeline/source_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lyap::framework {
namespace {

// No hand writes longer ones, and a place costs the time to count along its line.
constexpr std::size_t longest_line = 10000;

bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), starts_character));
}

/// Bytes of the well-formed character that `text` begins with; 0 when it is none (Unicode 15,
/// table 3-7).
std::size_t well_formed(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_large = first == 0xF4 && second > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

/// Length in bytes of the quoted text that `text` begins with, quotes included; npos when they do
/// not close.
std::size_t quoted_length(std::string_view text) {
  const char mark = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (mark == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == mark) {
      if (mark == '\'' && text.substr(i + 1).starts_with(mark)) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return std::string_view::npos;
}

bool opens_quotes(std::string_view text) {
  return text.starts_with('"') || text.starts_with('\'');
}

}  // namespace

SourceLines::SourceLines(std::shared_ptr<const Source> source) : source_(std::move(source)) {
  starts_.push_back(0);
  for (std::size_t i = 0; i < text().size(); ++i)
    if (text()[i] == '\n') starts_.push_back(i + 1);
}

void SourceLines::check(Mistakes& mistakes) const {
  for (int line = 0; line < static_cast<int>(starts_.size()); ++line) {
    const std::string_view words = rest(line, 0);
    const std::size_t indented = std::min(words.find_first_not_of(" \t"), words.size());
    if (indented < words.size() && words.substr(0, indented).find('\t') != words.npos)
      mistakes.add(place(line, static_cast<int>(words.find('\t'))),
                   "this line is indented with a tab; use spaces");
    if (words.size() > longest_line)
      mistakes.add(place(line, 0),
                   fmt::format("this line is longer than {}; break it into several", longest_line));
    for (std::size_t i = 0; i < words.size();) {
      const auto c = static_cast<unsigned char>(words[i]);
      const std::size_t length = well_formed(words.substr(i));
      if (length == 0 || (c < 0x20 && c != '\t') || c == 0x7F) {
        // One is enough: a binary file has thousands.
        mistakes.add({place(line, 0).source, line + 1, characters(words.substr(0, i)) + 1, 1},
                     fmt::format("byte 0x{:02x} is not text; is this the right file?", c));
        return;
      }
      i += length;
    }
  }
}

Place SourceLines::place(int line, int byte, std::string_view parsed) const {
  const std::size_t at = offset(line, byte);
  const auto above = std::upper_bound(starts_.begin(), starts_.end(), at) - 1;
  const int number = static_cast<int>(above - starts_.begin()) + 1;
  const std::string_view ahead = rest(number - 1, static_cast<int>(at - *above));
  int length = 1;
  if (opens_quotes(ahead))
    length = characters(ahead.substr(0, quoted_length(ahead)));
  else if (!parsed.empty() && ahead.starts_with(parsed))
    length = characters(parsed);
  return {source_, number, characters(text().substr(*above, at - *above)) + 1, length};
}

bool SourceLines::closes(int line, int byte) const {
  const std::string_view ahead = text().substr(offset(line, byte));
  return !opens_quotes(ahead) || quoted_length(ahead) != ahead.npos;
}

std::string_view SourceLines::rest(int line, int byte) const {
  const std::size_t at = offset(line, byte);
  return text().substr(at, text().find('\n', at) - at);
}

std::size_t SourceLines::offset(int line, int byte) const {
  // The parser's marks may point behind the end, or nowhere.
  const int last = static_cast<int>(starts_.size()) - 1;
  const std::size_t start = starts_[std::clamp(line, 0, last)];
  return std::min(start + static_cast<std::size_t>(std::max(byte, 0)), text().size());
}

}  // namespace lyap::framework
