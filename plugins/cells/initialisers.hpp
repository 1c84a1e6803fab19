// plugins/cells/initialisers.hpp - the default initialisers of our cells, in the kernel's words.
#pragma once
#include <array>
#include <charconv>
#include <cmath>
#include <lyap/views.hpp>
#include <string>

namespace lyap::cells {

/// The shortest decimal that reads back as the same number.
inline std::string shortest(double number) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.begin(), text.end(), number).ptr};
}

/// U(-b, b) with b = 1/sqrt(fan_in): PyTorch's default of a linear layer, weight and bias; with
/// fan_in = units also of all tensors of its RNN, LSTM and GRU.
inline std::string linear_init(Index fan_in) {
  const std::string bound = shortest(1 / std::sqrt(static_cast<double>(fan_in)));
  return "uniform(-" + bound + ", " + bound + ")";
}

/// N(0, deviation^2)
inline std::string normal_init(double deviation) {
  return "normal(0, " + shortest(deviation) + ")";
}

}  // namespace lyap::cells
