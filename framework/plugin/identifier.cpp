// framework/plugin/identifier.cpp - what a plugin, an option or a port may be called.
#include "plugin/identifier.hpp"

#include <algorithm>

namespace lyap::framework {
namespace {

bool is_lower(char letter) {
  return letter >= 'a' && letter <= 'z';
}

bool is_lower_or_digit(char letter) {
  return is_lower(letter) || (letter >= '0' && letter <= '9');
}

bool is_label(std::string_view label) {
  if (label.empty() || !is_lower(label.front()) || !is_lower_or_digit(label.back())) return false;
  return std::all_of(label.begin(), label.end(), [](char letter) {
    return letter == '_' || letter == '-' || is_lower_or_digit(letter);
  });
}

}  // namespace

bool is_snake_case(std::string_view word) {
  if (word.empty() || !is_lower(word.front()) || word.ends_with('_')) return false;
  if (word.find("__") != std::string_view::npos) return false;
  return std::all_of(word.begin(), word.end(),
                     [](char letter) { return letter == '_' || is_lower_or_digit(letter); });
}

bool is_reverse_domain(std::string_view word) {
  std::size_t dot = word.find('.');
  if (dot == std::string_view::npos) return false;
  for (; dot != std::string_view::npos; dot = word.find('.')) {
    if (!is_label(word.substr(0, dot))) return false;
    word.remove_prefix(dot + 1);
  }
  return is_label(word);
}

}  // namespace lyap::framework
