// framework/sweep/table.cpp - the table of networks: one row per network, columns as recorded.
#include "sweep/table.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <limits>
#include <sstream>

#include "base/text.hpp"
#include "run/stacked.hpp"

namespace lyap::framework {
namespace {

const MeasuredArray* find(const Row& row, const std::string& name) {
  for (const MeasuredArray& array : row)
    if (array.port == name) return &array;
  return nullptr;
}

/// CF's flag_meanings are words with blanks between them.
std::string one_word(std::string text) {
  if (text.empty()) return "_";
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::isspace(c); }, '_');
  return text;
}

/// Whether a row has nothing in this column: one NaN without axes, whatever the others have.
bool is_missing(const MeasuredArray& array) {
  return array.shape.empty() && !array.note("word") && array.values.size() == 1 &&
         array.values[0] != array.values[0];
}

MeasuredArray words(const std::vector<const MeasuredArray*>& entries) {
  std::vector<std::string> known;
  MeasuredArray column;
  for (const MeasuredArray* entry : entries) {
    if (!entry || is_missing(*entry)) {
      column.values.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const std::string* text = entry->note("word");
    const std::string word = one_word(text ? *text : shortest(entry->values[0]));
    const auto at = std::find(known.begin(), known.end(), word);
    column.values.push_back(static_cast<double>(at - known.begin()));
    if (at == known.end()) known.push_back(word);
  }
  std::string meanings;
  for (const std::string& word : known) meanings += (meanings.empty() ? "" : " ") + word;
  column.notes.emplace_back("flag_meanings", meanings);
  column.quantity.axes = {"network"};
  column.shape = {static_cast<std::int64_t>(entries.size())};
  return column;
}

std::vector<std::int64_t> epochs_of(const MeasuredArray& array) {
  const std::string* text = array.note("epochs");
  std::istringstream numbers(text ? *text : "");
  return {std::istream_iterator<std::int64_t>(numbers), {}};
}

/// Networks that are recorded at every epoch may have different ones, and fewer when they ended
/// early: all epochs that occur.
std::vector<std::int64_t> all_epochs(const std::vector<const MeasuredArray*>& entries) {
  std::vector<std::int64_t> all;
  for (const MeasuredArray* entry : entries) {
    const auto epochs = entry ? epochs_of(*entry) : std::vector<std::int64_t>{};
    if (epochs.empty() || epochs == all) continue;
    const bool first = all.empty();
    all.insert(all.end(), epochs.begin(), epochs.end());
    if (first) continue;  // one list for all stays in its order
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  return all;
}

/// The array with each of its epochs at its place among all of them.
MeasuredArray at_epochs(MeasuredArray array, const std::vector<std::int64_t>& all) {
  const std::vector<std::int64_t> own = epochs_of(array);
  if (own == all) return array;
  const auto size = own.empty() ? 0 : array.values.size() / own.size();
  std::vector<double> values(all.size() * size, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto at = std::find(all.begin(), all.end(), own[i]) - all.begin();
    std::copy_n(array.values.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                values.begin() + at * static_cast<std::ptrdiff_t>(size));
  }
  array.shape[0] = own.empty() ? 0 : static_cast<std::int64_t>(all.size());
  array.values = std::move(values);
  return array;
}

/// All networks in one array.
MeasuredArray numbers(std::vector<const MeasuredArray*> entries) {
  for (const MeasuredArray*& entry : entries)
    if (entry && is_missing(*entry)) entry = nullptr;
  const std::vector<std::int64_t> epochs = all_epochs(entries);
  if (epochs.empty()) return stacked("network", entries);
  std::vector<MeasuredArray> aligned;
  aligned.reserve(entries.size());  // stay where they are
  for (const MeasuredArray*& entry : entries)
    if (entry) entry = &aligned.emplace_back(at_epochs(*entry, epochs));
  MeasuredArray column = stacked("network", entries);
  std::erase_if(column.notes, [](const auto& note) { return note.first == "epochs"; });
  std::string text;
  for (const std::int64_t epoch : epochs) text += (text.empty() ? "" : " ") + std::to_string(epoch);
  column.notes.emplace_back("epochs", text);
  return column;
}

MeasuredArray column_of(const std::string& name, std::vector<const MeasuredArray*> entries) {
  const bool of_words = std::any_of(entries.begin(), entries.end(), [](const MeasuredArray* entry) {
    return entry && entry->note("word");
  });
  MeasuredArray column = of_words ? words(entries) : numbers(std::move(entries));
  column.port = column.quantity.name = name;
  return column;
}

}  // namespace

const MeasuredArray* Table::column(const std::string& name) const {
  for (const MeasuredArray& column : columns)
    if (column.port == name) return &column;
  return nullptr;
}

Table table_of(std::vector<std::string> ids, const std::vector<Row>& rows) {
  Table table{std::move(ids), {}};
  std::vector<std::string> names;
  for (const Row& row : rows)
    for (const MeasuredArray& array : row)
      if (std::find(names.begin(), names.end(), array.port) == names.end())
        names.push_back(array.port);
  for (const std::string& name : names) {
    std::vector<const MeasuredArray*> entries;
    for (const Row& row : rows) entries.push_back(find(row, name));
    table.columns.push_back(column_of(name, std::move(entries)));
  }
  return table;
}

}  // namespace lyap::framework
