// framework/base/text.cpp - words and numbers in messages and files: read strictly, written
// exactly.
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

namespace lyap::framework {
namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// from_chars knows no leading plus, and would take "+-3" once the plus is cut off.
std::string_view without_plus(std::string_view text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  return plus ? text.substr(1) : text;
}

template <class Number>
std::string shortest_text(Number number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  const std::size_t width = other.size() + 1;
  std::vector<std::size_t> before(width), above(width), here(width);  // rows i-2, i-1, i
  std::iota(here.begin(), here.end(), 0);
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::swap(before, above);
    std::swap(above, here);
    here[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const char a = lower(one[i - 1]), b = lower(other[j - 1]);
      here[j] = std::min({above[j] + 1, here[j - 1] + 1, above[j - 1] + (a != b)});
      const bool swapped = i > 1 && j > 1 && a == lower(other[j - 2]) && lower(one[i - 2]) == b;
      if (swapped) here[j] = std::min(here[j], before[j - 2] + 1);
    }
  }
  return here.back();
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* nearest = nullptr;
  std::size_t nearest_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t shorter = std::min(word.size(), candidate.size());
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t allowed = std::min<std::size_t>(3, (longer + 1) / 3);
    if (longer - shorter > allowed) continue;  // also keeps an absurdly long word cheap
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= allowed && (!nearest || distance < nearest_distance)) {
      nearest = &candidate;
      nearest_distance = distance;
    }
  }
  return nearest ? "; did you mean " + quoted(*nearest) + "?" : "";
}

std::string Quoted::operator()(std::string_view word) const {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string text = "'";
  for (const char letter : word) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '\n') {
      text += "\\n";
    } else if (letter == '\t') {
      text += "\\t";
    } else if (code < 0x20 || code == 0x7f) {
      text += "\\x";
      text += hexadecimal[code >> 4];
      text += hexadecimal[code & 15];
    } else {
      text += letter;
    }
  }
  return text + "'";
}

std::string join(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += between;
    text += words[i];
  }
  return text;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = without_plus(text);
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<double> parse_real(std::string_view text, Infinity infinity) {
  text = without_plus(text);
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end || std::isnan(number)) return std::nullopt;
  if (std::isinf(number) && infinity == Infinity::Refused) return std::nullopt;
  return number;
}

std::string shortest(double number) {
  return shortest_text(number);
}
std::string shortest(float number) {
  return shortest_text(number);
}

}  // namespace lyap::framework
