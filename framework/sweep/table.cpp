// framework/sweep/table.cpp - the table of networks: one row per network, columns as recorded.
#include "sweep/table.hpp"

#include <algorithm>
#include <limits>

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
    const std::string word = one_word(text ? *text : std::to_string(entry->values[0]));
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

/// All networks are asked at the same epochs, but one that ended early has fewer of `every`: the
/// longest list speaks for all.
std::string longest_epochs(const std::vector<const MeasuredArray*>& entries) {
  std::string longest;
  for (const MeasuredArray* entry : entries)
    if (const std::string* epochs = entry ? entry->note("epochs") : nullptr)
      if (epochs->size() > longest.size()) longest = *epochs;
  return longest;
}

MeasuredArray column_of(const std::string& name, std::vector<const MeasuredArray*> entries) {
  const bool of_words = std::any_of(entries.begin(), entries.end(), [](const MeasuredArray* entry) {
    return entry && entry->note("word");
  });
  MeasuredArray column;
  if (of_words) {
    column = words(entries);
  } else {
    for (const MeasuredArray*& entry : entries)
      if (entry && is_missing(*entry)) entry = nullptr;
    column = stacked("network", entries);
    std::erase_if(column.notes, [](const auto& note) { return note.first == "epochs"; });
    if (const std::string epochs = longest_epochs(entries); !epochs.empty())
      column.notes.emplace_back("epochs", epochs);
  }
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
