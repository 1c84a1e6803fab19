// framework/report/axes.cpp - arrays cut along their axes, and what the places of an axis are
// called.
#include "report/axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::vector<std::string> split(const std::string& text, char between) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == between)
      parts.emplace_back();
    else
      parts.back() += c;
  for (std::string& part : parts) part = trimmed(part);
  return parts;
}

/// "4*a + b: 0 left, 1 right" lists left and right.
std::vector<std::string> without_numbers(std::vector<std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string number = std::to_string(i) + " ";
    if (words[i].starts_with(number)) words[i].erase(0, number.size());
  }
  return words;
}

}  // namespace

std::optional<std::size_t> axis_of(const MeasuredArray& array, const std::string& name) {
  const auto& axes = array.quantity.axes;
  const auto found = std::find(axes.begin(), axes.end(), name);
  if (found == axes.end()) return std::nullopt;
  return static_cast<std::size_t>(found - axes.begin());
}

bool has_axis(const MeasuredArray& array, const std::string& name) {
  return axis_of(array, name).has_value();
}

std::int64_t extent_of(const MeasuredArray& array, const std::string& name) {
  const auto axis = axis_of(array, name);
  return axis ? array.shape[*axis] : 0;
}

MeasuredArray picked(const MeasuredArray& array, const std::string& name, std::int64_t place) {
  const auto axis = axis_of(array, name);
  if (!axis) return array;
  // Not a copy of all numbers first: every network of a sweep is picked.
  MeasuredArray part{array.port,  array.doc, array.group, array.quantity,
                     array.shape, {},        array.notes, array.field};
  std::int64_t inner = 1;
  for (std::size_t a = *axis + 1; a < array.shape.size(); ++a) inner *= array.shape[a];
  const std::int64_t extent = array.shape[*axis];
  part.shape.erase(part.shape.begin() + static_cast<std::ptrdiff_t>(*axis));
  part.quantity.axes.erase(part.quantity.axes.begin() + static_cast<std::ptrdiff_t>(*axis));
  for (std::int64_t from = place * inner; from < array.size(); from += extent * inner)
    part.values.insert(part.values.end(), array.values.begin() + from,
                       array.values.begin() + from + inner);
  return part;
}

MeasuredArray squeezed(MeasuredArray array) {
  for (std::size_t a = array.shape.size(); a-- > 0;) {
    if (array.shape[a] != 1) continue;
    array.shape.erase(array.shape.begin() + static_cast<std::ptrdiff_t>(a));
    array.quantity.axes.erase(array.quantity.axes.begin() + static_cast<std::ptrdiff_t>(a));
  }
  return array;
}

Averages averaged(const MeasuredArray& array, const std::vector<std::string>& axes) {
  MeasuredArray rest = array;
  rest.values.clear();
  rest.shape.clear();
  rest.quantity.axes.clear();
  std::vector<bool> kept;
  Averages averages;
  for (std::size_t a = 0; a < array.shape.size(); ++a) {
    const std::string& name = array.quantity.axes[a];
    kept.push_back(std::find(axes.begin(), axes.end(), name) == axes.end());
    if (!kept.back()) {
      averages.count *= array.shape[a];
      continue;
    }
    rest.shape.push_back(array.shape[a]);
    rest.quantity.axes.push_back(name);
  }
  const auto size = static_cast<std::size_t>(rest.size());
  std::vector<double> sum(size), squares(size), count(size);
  const auto place_of = [&](std::int64_t element) {
    std::int64_t place = 0, stride = 1;
    for (std::size_t a = array.shape.size(); a-- > 0; element /= array.shape[a]) {
      if (!kept[a]) {
        if (element % array.shape[a] < 0) break;
      } else {
        place += element % array.shape[a] * stride;
        stride *= array.shape[a];
      }
    }
    return static_cast<std::size_t>(place);
  };
  const auto each = [&](auto&& f) {
    for (std::int64_t i = 0; i < array.size(); ++i)
      if (const double v = array.values[static_cast<std::size_t>(i)]; std::isfinite(v))
        f(place_of(i), v);
  };
  each([&](std::size_t place, double v) { sum[place] += v, count[place] += 1; });
  each([&](std::size_t place, double v) {
    squares[place] += std::pow(v - sum[place] / count[place], 2);
  });
  averages.mean = averages.deviation = averages.error = rest;
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < size; ++i) {
    const double deviation = count[i] > 1 ? std::sqrt(squares[i] / (count[i] - 1)) : missing;
    averages.mean.values.push_back(count[i] > 0 ? sum[i] / count[i] : missing);
    averages.deviation.values.push_back(deviation);
    averages.error.values.push_back(deviation / std::sqrt(count[i]));
  }
  return averages;
}

std::vector<std::int64_t> places_of(const MeasuredArray& array, std::int64_t element) {
  std::vector<std::int64_t> places(array.shape.size());
  for (std::size_t a = array.shape.size(); a-- > 0; element /= array.shape[a])
    places[a] = element % array.shape[a];
  return places;
}

const MeasuredArray* ResultGroup::find(const std::string& port) const {
  for (const MeasuredArray& array : arrays)
    if (array.port == port) return &array;
  return nullptr;
}

const std::string* ResultGroup::note(const std::string& key) const {
  for (const auto& [name, text] : notes)
    if (name == key) return &text;
  return nullptr;
}

const MeasuredArray* ResultGroup::coordinate(const std::string& axis) const {
  const MeasuredArray* own = find(axis);
  if (own && own->quantity.axes == std::vector{axis} && own->words().empty()) return own;
  for (const MeasuredArray& array : arrays)
    if (!array.quantity.axes.empty() && array.quantity.axes.back() == axis &&
        array.quantity.unit == "steps" &&
        squeezed(picked(array, "checkpoint", 0)).quantity.axes == std::vector{axis})
      return &array;
  return nullptr;
}

std::vector<std::string> ResultGroup::listed(const MeasuredArray& array,
                                             const std::string& axis) const {
  const auto extent = static_cast<std::size_t>(extent_of(array, axis));
  if (const MeasuredArray* own = find(axis); own && own->words().size() == extent)
    return own->words();
  for (const std::string& key : {axis + "_names", axis + "s", axis}) {
    const std::string* text = array.note(key);
    if (!text) text = note(key);
    if (!text) continue;
    std::string list = text->substr(0, text->find(';'));
    if (const std::size_t colon = list.find(": "); colon != std::string::npos)
      list.erase(0, colon + 2);
    std::vector<std::string> words = without_numbers(split(list, ','));
    // A note may also say how many there are.
    const bool counts = words.size() == 1 && parse_integer(words.front());
    if (words.size() == extent && !counts) return words;
  }
  return {};
}

std::vector<std::string> ResultGroup::names(const MeasuredArray& array,
                                            const std::string& axis) const {
  std::vector<std::string> words = listed(array, axis);
  if (!words.empty()) return words;
  const MeasuredArray* numbers = coordinate(axis);
  for (std::int64_t i = 0; i < extent_of(array, axis); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool known = numbers && at < numbers->values.size();
    const double number = known ? numbers->values[at] : static_cast<double>(i);
    if (axis == "checkpoint" && known)
      words.push_back(number < 0 ? "given weights" : fmt::format("epoch {:g}", number));
    else
      words.push_back(fmt::format("{} {:g}", axis, known ? number : number + 1));
  }
  return words;
}

bool ResultGroup::has_words(const MeasuredArray& array, const std::string& axis) const {
  return !listed(array, axis).empty();
}

}  // namespace lyap::framework
