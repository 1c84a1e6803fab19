// plugins/analyses/aligned_text.hpp - a table in lines of text, as the note "table" has it.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace lyap::analyses {

/// Rows of cells; columns are as wide as they must be, the first flush left, the others right.
class AlignedText {
 public:
  using Row = std::vector<std::string>;

  explicit AlignedText(Row head) : rows_{std::move(head)} {}
  void add(Row row) { rows_.push_back(std::move(row)); }

  /// Without a line end after the last line.
  std::string text() const {
    std::vector<std::size_t> widths;
    for (const Row& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Row& row : rows_) {
      if (!text.empty()) text += "\n";
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string blanks(widths[i] - row[i].size(), ' ');
        line += i == 0 ? row[i] + blanks : "  " + blanks + row[i];
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line;
    }
    return text;
  }

 private:
  std::vector<Row> rows_;
};

/// A number with these decimals; "-" when it is missing.
inline std::string decimals(double x, int count) {
  if (!std::isfinite(x)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", count, x);
  return text;
}

/// These significant digits; "-" when it is missing.
inline std::string digits(double x, int count) {
  if (!std::isfinite(x)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", count, x);
  return text;
}

/// "1 network", "3 networks".
inline std::string counted(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace lyap::analyses
