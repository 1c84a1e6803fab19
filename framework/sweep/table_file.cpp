// framework/sweep/table_file.cpp - the table of networks as HDF5 and as CSV.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <sstream>

#include "base/file.hpp"
#include "base/text.hpp"
#include "sweep/table.hpp"

namespace lyap::framework {
namespace {

/// Dimensions of one name have one length and one meaning: the first column that uses an axis gives
/// it its name, another with a different extent or different epochs gets one of its own; so do all
/// when a column has the name, which is no dimension to xarray.
class Dimensions {
 public:
  explicit Dimensions(const Table& table) : table_(table) {}

  std::vector<std::string> of(const MeasuredArray& column) {
    std::vector<std::string> names;
    const std::string* epochs = column.note("epochs");
    for (std::size_t a = 0; a < column.shape.size(); ++a) {
      const std::string& axis = column.quantity.axes[a];
      const Meaning meaning{column.shape[a], axis == "checkpoint" && epochs ? *epochs : ""};
      const bool is_free = a == 0 || !table_.column(axis);
      const auto known = is_free ? meanings_.try_emplace(axis, meaning).first : meanings_.end();
      const bool fits = is_free && known->second == meaning;
      names.push_back(fits ? axis : axis + "_" + column.port);
      meanings_.try_emplace(names.back(), meaning);
    }
    return names;
  }

  /// The epochs of every dimension that has them.
  std::map<std::string, std::vector<double>> epochs() const {
    std::map<std::string, std::vector<double>> found;
    for (const auto& [name, meaning] : meanings_) {
      std::istringstream text(meaning.second);
      for (double epoch; text >> epoch;) found[name].push_back(epoch);
    }
    return found;
  }

 private:
  using Meaning = std::pair<std::int64_t, std::string>;  // extent, epochs
  const Table& table_;
  std::map<std::string, Meaning> meanings_;
};

/// A field of a CSV file (RFC 4180).
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

/// "[3, 1]": where the element stands behind the network.
std::string place(std::int64_t element, const MeasuredArray& column) {
  std::string text;
  for (std::size_t a = column.shape.size(); a-- > 1;) {
    text = fmt::format("{}{}{}", element % column.shape[a], text.empty() ? "" : ", ", text);
    element /= column.shape[a];
  }
  return text.empty() ? "" : "[" + text + "]";
}

std::string written(double value, const std::vector<std::string>& words) {
  if (std::isnan(value)) return "";
  if (words.empty()) return std::isinf(value) ? (value < 0 ? "-inf" : "inf") : shortest(value);
  const auto code = static_cast<std::size_t>(value);
  return code < words.size() ? field(words[code]) : "";
}

}  // namespace

void write_table(const std::filesystem::path& path, const Table& table,
                 const Attributes& of_sweep) {
  ResultFile file(path);
  file.write_attributes("", of_sweep);
  file.write({"",
              "point",
              {"network"},
              {static_cast<std::int64_t>(table.ids.size())},
              {{"long_name", std::string("stable id of the point: hash of its configuration")}}},
             std::span<const std::string>(table.ids));
  Dimensions dimensions(table);
  for (const MeasuredArray& column : table.columns) {
    ArrayLayout layout{"",
                       column.port,
                       dimensions.of(column),
                       column.shape,
                       {{"units", column.quantity.unit}, {"long_name", column.doc}}};
    for (const auto& [key, value] : column.notes) layout.attributes.emplace_back(key, value);
    file.write(layout, std::span<const double>(column.values));
  }
  for (const auto& [name, epochs] : dimensions.epochs())
    file.write({"",
                name,
                {name},
                {static_cast<std::int64_t>(epochs.size())},
                {{"long_name", std::string("epoch of training")}}},
               std::span<const double>(epochs));
  file.close();
}

void write_csv(const std::filesystem::path& path, const Table& table, bool arrays) {
  std::vector<const MeasuredArray*> columns;
  std::string text = "point";
  for (const MeasuredArray& column : table.columns) {
    if (column.shape.size() > 1 && !arrays) continue;
    columns.push_back(&column);
    const std::int64_t width = column.shape[0] ? column.size() / column.shape[0] : 0;
    for (std::int64_t i = 0; i < width; ++i) text += "," + field(column.port + place(i, column));
  }
  text += "\n";
  for (std::size_t network = 0; network < table.ids.size(); ++network) {
    text += table.ids[network];
    for (const MeasuredArray* column : columns) {
      const std::vector<std::string> words = column->words();
      const auto width = static_cast<std::size_t>(column->size() / column->shape[0]);
      for (std::size_t i = 0; i < width; ++i)
        text += "," + written(column->values[network * width + i], words);
    }
    text += "\n";
  }
  write_file_atomically(path, text);
}

}  // namespace lyap::framework
