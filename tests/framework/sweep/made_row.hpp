// tests/framework/sweep/made_row.hpp - rows of the table of networks, made by hand.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "run/row.hpp"

namespace lyap::framework {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinite = std::numeric_limits<double>::infinity();

/// A column of one network: `quantity` without the axis of networks, "spectrum[index] nats/step".
inline MeasuredArray numbers(const std::string& quantity, std::vector<std::int64_t> shape,
                             std::vector<double> values, const std::string& epochs = "") {
  MeasuredArray made;
  made.quantity = Quantity::parse(quantity);
  made.port = made.quantity.name;
  made.shape = std::move(shape);
  made.values = std::move(values);
  if (!epochs.empty()) made.notes.emplace_back("epochs", epochs);
  return made;
}

inline MeasuredArray number(const std::string& name, double value) {
  return numbers(name, {}, {value});
}

/// A variable of the sweep that is no number.
inline MeasuredArray word(const std::string& name, const std::string& text) {
  MeasuredArray made = number(name, missing);
  made.notes.emplace_back("word", text);
  return made;
}

}  // namespace lyap::framework
