// framework/plugin/columns.cpp - rows of words as text with straight columns.
#include "plugin/columns.hpp"

#include <algorithm>

namespace lyap::framework {

std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view first) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  std::string indent(first);
  for (const auto& row : rows) {
    std::string line = indent;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (widths[i] > 0) line += row[i] + std::string(widths[i] + 2 - width_of(row[i]), ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
    indent.assign(width_of(first), ' ');
  }
  return text;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xc0) != 0x80; }));
}

}  // namespace lyap::framework
