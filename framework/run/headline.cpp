// framework/run/headline.cpp - a measurement in one line, and the tables it has to show.
#include "run/headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace lyap::framework {
namespace {

std::vector<double> finite_of(const MeasuredArray& array) {
  std::vector<double> finite;
  for (const double value : array.values)
    if (std::isfinite(value)) finite.push_back(value);
  return finite;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// A result that only checks another speaks through its note.
const std::string* self_check(const MeasuredArray& array) {
  return array.note("self_check");
}

}  // namespace

std::string headline(const Measurement& measurement) {
  std::string text;
  bool along_index = false;  // the first result along the index speaks for the others
  for (const MeasuredArray& array : measurement.arrays) {
    const std::vector<std::string>& axes = array.quantity.axes;
    const std::vector<double> finite = finite_of(array);
    if (finite.empty()) continue;
    std::string figures;
    if (const std::string* check = self_check(array)) {
      figures = array.port + " self-check: " + *check;
    } else if (axes.empty() || axes == std::vector<std::string>{"sequence"}) {
      figures = fmt::format("{} {:.4g}", array.port, mean_of(finite));
    } else if (axes == std::vector<std::string>{"index"} && !along_index) {
      const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
      figures = fmt::format("{} largest {:.4g}, mean {:.4g}, smallest {:.4g}", array.port, *high,
                            mean_of(finite), *low);
      along_index = true;
    } else {
      continue;
    }
    const std::string& unit = array.quantity.unit;
    const bool plain = unit.empty() || self_check(array);
    text += (text.empty() ? "" : "; ") + figures + (plain ? "" : " " + unit);
    if (const std::string* physical = array.note("per_time_unit")) text += " (" + *physical + ")";
  }
  return text.empty() ? "done" : text;
}

std::vector<std::string> tables(const Measurement& measurement) {
  std::vector<std::string> tables;
  for (const MeasuredArray& array : measurement.arrays)
    if (const std::string* table = array.note("table")) tables.push_back(*table);
  for (const auto& [key, text] : measurement.notes)
    if (key == "table") tables.push_back(text);
  return tables;
}

Measurement in_bits(Measurement measurement) {
  constexpr std::string_view nats = "nats";
  for (MeasuredArray& array : measurement.arrays) {
    std::string& unit = array.quantity.unit;
    if (!unit.starts_with(nats)) continue;
    unit.replace(0, nats.size(), "bits");
    for (double& value : array.values) value /= std::numbers::ln2;
  }
  return measurement;
}

}  // namespace lyap::framework
