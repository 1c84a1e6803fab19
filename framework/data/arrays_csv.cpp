// framework/data/arrays_csv.cpp - one array of a result file as a table for people and pandas.
#include "data/arrays_csv.hpp"

#include <cmath>
#include <string>

#include "base/file.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

std::string element(const StoredArray& array, std::size_t place) {
  if (array.is_text()) return field(array.texts[place]);
  const double value = array.values[place];
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (array.words.empty()) return shortest(value);
  const auto code = static_cast<std::size_t>(value);
  return value >= 0 && code < array.words.size() ? field(array.words[code]) : shortest(value);
}

/// The coordinates of every axis, null where it has none.
std::vector<const StoredArray*> coordinates_of(const StoredArray& array,
                                               const std::vector<StoredArray>& all) {
  std::vector<const StoredArray*> found(array.axes.size(), nullptr);
  for (std::size_t axis = 0; axis < array.axes.size(); ++axis)
    for (const StoredArray& other : all)
      if (other.is_coordinate() && other.group == array.group && other.name == array.axes[axis] &&
          other.shape[0] == array.shape[axis])
        found[axis] = &other;
  return found;
}

}  // namespace

void write_csv(const std::filesystem::path& path, const StoredArray& array,
               const std::vector<StoredArray>& all) {
  const std::vector<const StoredArray*> coordinates = coordinates_of(array, all);
  std::string text;
  for (const std::string& axis : array.axes) text += field(axis) + ",";
  text += field(array.name) + "\n";
  AtomicFile file(path);
  std::vector<std::size_t> index(array.shape.size(), 0);
  const std::size_t count = array.is_text() ? array.texts.size() : array.values.size();
  constexpr std::size_t piece = 1 << 20;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      text += (coordinates[axis] ? element(*coordinates[axis], index[axis])
                                 : std::to_string(index[axis])) +
              ",";
    text += element(array, i) + "\n";
    for (std::size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < static_cast<std::size_t>(array.shape[axis])) break;
      index[axis] = 0;
    }
    if (text.size() > piece) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  file.commit();
}

}  // namespace lyap::framework
