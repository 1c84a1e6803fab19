// plugins/tasks/vocabulary.hpp - the characters of a text, numbered.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace lyap::tasks {

/// One Unicode character in UTF-8.
inline std::string utf8(std::uint32_t character) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | (character >> shift & 0x3f));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {static_cast<char>(0xc0 | character >> 6), tail(0)};
  if (character < 0x10000) return {static_cast<char>(0xe0 | character >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | character >> 18), tail(12), tail(6), tail(0)};
}

/// The characters that occur in a text, in a fixed order: that of War and Peace in the papers when
/// the text has no other character (0-9, a-z, A-Z, punctuation, space, newline, four accented
/// letters), else by code point.
class Vocabulary {
 public:
  explicit Vocabulary(std::span<const std::uint32_t> text) {
    const std::uint32_t last = text.empty() ? 0 : *std::max_element(text.begin(), text.end());
    std::vector<char> occurs(last + std::size_t{1});
    for (const std::uint32_t character : text) occurs[character] = true;
    for (const std::uint32_t character : papers)
      if (character <= last && occurs[character]) characters_.push_back(character);
    const auto found = std::count(occurs.begin(), occurs.end(), char{true});
    if (std::ssize(characters_) != found) {
      characters_.clear();
      for (std::uint32_t character = 0; character < occurs.size(); ++character)
        if (occurs[character]) characters_.push_back(character);
    }
    numbers_.resize(occurs.size());
    for (std::size_t i = 0; i < characters_.size(); ++i)
      numbers_[characters_[i]] = static_cast<std::uint32_t>(i);
  }

  std::int64_t size() const { return std::ssize(characters_); }
  /// Of a character that occurs.
  std::uint32_t number(std::uint32_t character) const { return numbers_[character]; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const std::uint32_t character : characters_) names.push_back(utf8(character));
    return names;
  }

 private:
  static constexpr char32_t papers[] =
      U"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      U"!\"'()*,-./:;=? \n\u00ea\u00e0\u00e9\u00e4";
  std::vector<std::uint32_t> characters_, numbers_;
};

}  // namespace lyap::tasks
