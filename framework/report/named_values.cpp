// framework/report/named_values.cpp - what a chart of networks refers to: columns of the table,
// results of measures and studies, and axes.
#include "report/named_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> parts_of(const std::string& reference) {
  std::vector<std::string> parts;
  std::istringstream text(reference);
  for (std::string part; std::getline(text, part, '.');) parts.push_back(part);
  return parts;
}

/// The place of the last axis that a word or a number names.
std::optional<std::int64_t> place_called(const std::string& name, const MeasuredArray& array,
                                         const ResultGroup* group) {
  if (array.quantity.axes.empty()) return std::nullopt;
  const std::string& axis = array.quantity.axes.back();
  if (const auto number = parse_integer(name))
    return *number >= 1 && *number <= array.shape.back() ? std::optional(*number - 1)
                                                         : std::nullopt;
  if (!group) return std::nullopt;
  const std::vector<std::string> names = group->names(array, axis);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return found - names.begin();
}

}  // namespace

const ResultGroup* group_of(const Found& found, const std::string& reference) {
  return found.group(reference.substr(0, reference.find('.')));
}

std::optional<NamedValues> named_values(const Found& found, const std::string& reference) {
  const std::vector<std::string> parts = parts_of(reference);
  if (parts.size() < 2) return std::nullopt;
  const ResultGroup* group = parts[0] == "trials" ? nullptr : found.group(parts[0]);
  const MeasuredArray* array = parts[0] == "trials" ? found.table.column(parts[1])
                               : group              ? group->find(parts[1])
                                                    : nullptr;
  if (!array || array->values.empty()) return std::nullopt;
  NamedValues values{picked(*array, "seed", 0), array->words(), parts[1]};
  if (group && parts[0] != parts[1]) values.title = parts[0] + " " + parts[1];
  for (std::size_t i = 2; i < parts.size(); ++i) {
    const auto place = place_called(parts[i], values.array, group);
    if (!place) return std::nullopt;
    values.array = picked(values.array, values.array.quantity.axes.back(), *place);
    values.title += " " + parts[i];
  }
  std::replace(values.title.begin(), values.title.end(), '_', ' ');
  if (!array->quantity.unit.empty()) values.title += " (" + array->quantity.unit + ")";
  return values;
}

std::optional<Alongside> Alongside::make(const Found& found, const NamedValues& of,
                                         const ResultGroup* group, const std::string& reference) {
  Alongside along;
  const MeasuredArray& array = of.array;
  if (const auto axis = axis_of(array, reference)) {
    along.title_ = reference;
    along.strides_ = {{*axis, 1}};
    const ResultGroup none;
    const ResultGroup& names = group ? *group : none;
    const MeasuredArray* numbers = names.coordinate(reference);
    if (names.has_words(array, reference)) along.words_ = names.names(array, reference);
    std::vector<double> epochs;
    if (const std::string* text = array.note("epochs"); text && reference == "checkpoint") {
      std::istringstream stream(*text);
      for (double epoch; stream >> epoch;) epochs.push_back(epoch);
    }
    if (reference == "checkpoint" && (!epochs.empty() || numbers)) along.title_ = "epoch";
    for (std::int64_t i = 0; i < array.shape[*axis]; ++i) {
      const auto at = static_cast<std::size_t>(i);
      along.numbers_.push_back(!along.words_.empty() ? static_cast<double>(i)
                               : at < epochs.size()  ? epochs[at]
                               : numbers && at < numbers->values.size()
                                   ? numbers->values[at]
                                   : static_cast<double>(i + 1));
    }
    return along;
  }
  const auto values = named_values(found, reference);
  if (!values) return std::nullopt;
  along.title_ = values->title;
  along.words_ = values->words;
  along.numbers_ = values->array.values;
  std::int64_t stride = 1;
  for (std::size_t a = values->array.shape.size(); a-- > 0;) {
    const std::string& name = values->array.quantity.axes[a];
    const auto axis = axis_of(array, name);
    const bool fits = axis && array.shape[*axis] == values->array.shape[a];
    if (!fits && values->array.shape[a] != 1) return std::nullopt;
    if (fits) along.strides_.emplace_back(*axis, stride);
    stride *= values->array.shape[a];
  }
  return along;
}

double Alongside::number(const std::vector<std::int64_t>& places) const {
  std::int64_t at = 0;
  for (const auto& [axis, stride] : strides_) at += places[axis] * stride;
  const auto index = static_cast<std::size_t>(at);
  return index < numbers_.size() ? numbers_[index] : missing;
}

std::string Alongside::word(const std::vector<std::int64_t>& places) const {
  const double value = number(places);
  if (!std::isfinite(value)) return "missing";
  if (words_.empty()) return fmt::format("{:.4g}", value);
  const auto code = static_cast<std::size_t>(value);
  return code < words_.size() ? words_[code] : "missing";
}

}  // namespace lyap::framework
