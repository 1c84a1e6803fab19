// plugins/tasks/number_rows.hpp - a text file of comma-separated numbers, a row a line.
#pragma once
#include <lyap/host.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::tasks {

namespace detail {

inline std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// A field of a line; `place` is "FILE:LINE: number 3".
inline double number_of(std::string_view field, const std::string& place) {
  double number = 0;
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), number);
  if (code != std::errc() || end != field.data() + field.size())
    throw BadData(place + " is '" + std::string(field.substr(0, 40)) +
                  "', which is no number; correct the line or get the file again");
  if (!std::isfinite(number))
    throw BadData(place + " is " + std::string(field) +
                  "; replace or leave out what is not finite");
  return number;
}

/// Appends the numbers of a line; returns how many.
inline Index append_numbers(std::string_view line, const std::string& place,
                            std::vector<double>& numbers) {
  for (Index count = 1;; ++count) {
    const std::size_t comma = line.find(',');
    numbers.push_back(
        number_of(trimmed(line.substr(0, comma)), place + ": number " + std::to_string(count)));
    if (comma == std::string_view::npos) return count;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace detail

/// A column for each line that is not blank: numbers of a line x lines.  BadData: no line, lines of
/// different length, a field that is no finite number.
inline Matrix number_rows(const File& file) {
  std::string text;
  for (const std::uint32_t character : file.characters())
    text.push_back(character < 0x80 ? static_cast<char>(character) : '?');
  std::vector<double> numbers;
  Index in_each = 0, line_number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    ++line_number;
    if (detail::trimmed(line).empty()) continue;
    const std::string place = file.path() + ":" + std::to_string(line_number);
    const Index found = detail::append_numbers(line, place, numbers);
    if (in_each == 0) in_each = found;
    if (found != in_each)
      throw BadData(place + " has " + std::to_string(found) + " numbers, and the lines before it " +
                    std::to_string(in_each) + "; correct the line or get the file again");
  }
  if (numbers.empty()) throw BadData(file.path() + " has no line of numbers; get it again");
  return Eigen::Map<const Matrix>(numbers.data(), in_each, std::ssize(numbers) / in_each);
}

}  // namespace lyap::tasks
