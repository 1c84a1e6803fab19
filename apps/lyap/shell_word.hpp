// apps/lyap/shell_word.hpp - a word of a command that the program prints for a person to copy.
#pragma once
#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

namespace lyap::app {

/// The word as a shell reads it.
inline std::string in_shell(const std::string& word) {
  const auto harmless = [](unsigned char letter) {
    return std::isalnum(letter) || letter >= 0x80 || std::strchr("/._-+:@%,", letter);
  };
  if (std::all_of(word.begin(), word.end(), harmless)) return word;
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + "'";
}

}  // namespace lyap::app
