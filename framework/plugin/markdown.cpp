// framework/plugin/markdown.cpp - plain words as cells of a Markdown table.
#include "plugin/markdown.hpp"

#include <algorithm>

namespace lyap::framework {

std::string in_markdown(std::string_view text) {
  std::string shown;
  bool code = false;
  for (const char letter : text) {
    if (letter == '`') code = !code;
    // A bar ends a cell even in code.
    const bool special = std::string_view("*<[\\").find(letter) != std::string_view::npos;
    if (letter == '|' || (special && !code)) shown += '\\';
    shown += letter == '\n' ? ' ' : letter;
  }
  return shown;
}

std::string as_code(std::string_view text) {
  return text.empty() ? "" : in_markdown("`" + std::string(text) + "`");
}

std::string markdown_table(const std::vector<std::string>& head,
                           const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "";
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < head.size(); ++i)
    if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return !row[i].empty(); }))
      kept.push_back(i);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::size_t i : kept) text += " " + cells[i] + " |";
    return text + "\n";
  };
  std::string text = line(head) + "|";
  for (std::size_t i = 0; i < kept.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& row : rows) text += line(row);
  return text;
}

}  // namespace lyap::framework
