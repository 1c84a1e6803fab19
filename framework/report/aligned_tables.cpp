// framework/report/aligned_tables.cpp - the tables that analyses write as lines of aligned text.
#include "report/aligned_tables.hpp"

#include <algorithm>
#include <sstream>

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;
using Lines = std::vector<std::vector<std::string>>;  // a string a character, which may have bytes

std::vector<std::string> characters_of(const std::string& line) {
  std::vector<std::string> characters;
  for (const char c : line)
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80 && !characters.empty())
      characters.back() += c;
    else
      characters.emplace_back(1, c);
  return characters;
}

bool has_columns(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos) return false;
  return line.find("  ", begin) < line.find_last_not_of(' ');
}

/// Characters [begin, end) of every line; what they hold in the first line is the head.
struct Column {
  std::size_t begin, end;
};

class Block {
 public:
  explicit Block(const Cells& lines) {
    for (const std::string& line : lines) lines_.push_back(characters_of(line));
    if (lines.size() > 2 && columns_from(1).size() > columns_from(0).size()) {
      spanning_ = lines.front();
      lines_.erase(lines_.begin());
    }
    columns_ = with_heads(columns_from(0));
  }

  /// False: a column has no head.
  bool is_table() const {
    if (lines_.size() < 2 || columns_.size() < 2) return false;
    return std::none_of(columns_.begin() + 1, columns_.end(),
                        [&](const Column& column) { return cell(0, column).empty(); });
  }

  ReportTable table() const {
    ReportTable table;
    for (std::size_t row = 0; row < lines_.size(); ++row) {
      Cells cells;
      bool published = false;
      for (const Column& column : columns_) {
        if (is_bar(column)) {
          published = true;
          continue;
        }
        if (published && is_empty_below(column)) continue;  // of this table nothing is published
        std::string text = cell(row, column);
        if (row == 0 && published && !text.starts_with("published")) text = "published " + text;
        if (const std::string over = spanned_by(column); row == 0 && !over.empty())
          text = over + ", " + text;
        cells.push_back(text == "-" ? "–" : text);
      }
      if (row == 0)
        table.columns = std::move(cells);
      else
        table.rows.push_back(std::move(cells));
    }
    return table;
  }

 private:
  std::string cell(std::size_t row, const Column& column) const {
    const auto& line = lines_[row];
    std::string text;
    for (std::size_t i = column.begin; i < std::min(column.end, line.size()); ++i) text += line[i];
    std::istringstream parts(text);
    std::string words;
    for (std::string word; parts >> word;) words += (words.empty() ? "" : " ") + word;
    return words;
  }

  /// The words of the spanning head over a column: its parts end with a comma or two blanks, and
  /// the border between two parts is in the middle of what is between them.
  std::string spanned_by(const Column& column) const {
    std::string over;
    std::size_t begin = spanning_.find_first_not_of(' '), border = begin;
    while (begin != std::string::npos && column.end > border) {
      const std::size_t end = std::min(spanning_.find("  ", begin), spanning_.find(", ", begin));
      over = spanning_.substr(begin, end - begin);
      if (end == std::string::npos) break;
      begin = spanning_.find_first_not_of(", ", end);
      border = (end + begin) / 2;
    }
    return over;
  }

  bool any_row(auto&& condition, std::size_t first = 0) const {
    for (std::size_t row = first; row < lines_.size(); ++row)
      if (condition(row)) return true;
    return false;
  }

  bool is_bar(const Column& column) const {
    return cell(0, column) == "|" &&
           !any_row([&](std::size_t row) { return cell(row, column).find_first_not_of('|') == 0; });
  }

  bool is_empty_below(const Column& column) const {
    return !any_row([&](std::size_t row) { return !cell(row, column).empty(); }, 1);
  }

  /// What is apart in all lines from `first` on; an interval "[a, b]" is one cell.
  std::vector<Column> columns_from(std::size_t first) const {
    std::size_t width = 0;
    for (const auto& line : lines_) width = std::max(width, line.size());
    std::vector<Column> columns;
    bool inside = false;
    for (std::size_t at = 0; at < width; ++at) {
      const bool filled = any_row(
          [&](std::size_t row) { return at < lines_[row].size() && lines_[row][at] != " "; },
          first);
      if (filled && inside) columns.back().end = at + 1;
      if (filled && !inside && !columns.empty() && opens_interval(columns.back(), first))
        columns.back().end = at + 1;
      else if (filled && !inside)
        columns.push_back({at, at + 1});
      inside = filled;
    }
    return columns;
  }

  bool opens_interval(const Column& column, std::size_t first) const {
    return any_row(
        [&](std::size_t row) {
          const std::string text = cell(row, column);
          return text.rfind('[') != std::string::npos &&
                 text.find(']', text.rfind('[')) > text.size();
        },
        std::max<std::size_t>(first, 1));
  }

  /// A head of several words stands over more columns than it names: words with nothing below join
  /// the name beside them; a value without a head belongs to the interval behind it.
  std::vector<Column> with_heads(std::vector<Column> columns) const {
    for (std::size_t i = 0; i < columns.size();) {
      const bool last = i + 1 == columns.size();
      const bool near_left = i == 1 && head_gap(columns[0], columns[1]) == 1;
      const bool joins_left =
          i > 0 && is_empty_below(columns[i]) && (near_left || last) && !is_bar(columns[i - 1]);
      const bool joins_right = !last && ((is_empty_below(columns[i]) && !is_bar(columns[i]) &&
                                          head_gap(columns[i], columns[i + 1]) == 1) ||
                                         (i > 0 && cell(0, columns[i]).empty()));
      if (joins_left) {
        columns[i - 1].end = columns[i].end;
        columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
      } else if (joins_right) {
        columns[i + 1].begin = columns[i].begin;
        columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    return columns;
  }

  /// Blanks between the heads of two columns.
  std::size_t head_gap(const Column& left, const Column& right) const {
    const auto& head = lines_[0];
    std::size_t from = std::min(left.end, head.size()), to = right.begin;
    while (from > left.begin && head[from - 1] == " ") --from;
    while (to < std::min(right.end, head.size()) && head[to] == " ") ++to;
    return to - from;
  }

  Lines lines_;
  std::vector<Column> columns_;
  std::string spanning_;  // a head over several columns, above their own
};

std::string joined(const Cells& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

ReportTable made(const Cells& lines) {
  const Block block(lines);
  if (block.is_table()) return block.table();
  return {"", "", {}, {}, joined(lines, "\n")};
}

}  // namespace

std::vector<ReportTable> tables_in(const std::string& text, const std::string& title) {
  std::vector<ReportTable> tables;
  Cells about, block;
  const auto finish = [&] {
    if (block.empty()) return;
    ReportTable& table = tables.emplace_back(made(block));
    // The last line above a table names it among several; what stands above that is about all.
    table.title = title + (tables.size() > 1 && !about.empty() ? ": " + about.back() : "");
    if (tables.size() > 1 && !about.empty()) about.pop_back();
    table.caption = joined(about, "; ");
    about.clear();
    block.clear();
  };
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (has_columns(line)) {
      block.push_back(line);
      continue;
    }
    finish();
    if (line.find_first_not_of(' ') != std::string::npos) about.push_back(line);
  }
  finish();
  if (tables.empty()) return {{title, "", {}, {}, text}};
  for (const std::string& note : about)
    tables.back().caption += (tables.back().caption.empty() ? "" : "; ") + note;
  return tables;
}

bool tells_published(const ReportTable& table) {
  const auto tells = [](const std::string& text) {
    return text.find("published") != std::string::npos;
  };
  return tells(table.caption) || tells(table.lines) ||
         std::any_of(table.columns.begin(), table.columns.end(), tells) ||
         std::any_of(table.rows.begin(), table.rows.end(),
                     [&](const Cells& row) { return !row.empty() && tells(row.front()); });
}

}  // namespace lyap::framework
