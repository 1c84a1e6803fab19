// framework/pipeline/sweep_number.cpp - numbers as a sweep writes them into a pipeline.
#include "pipeline/sweep_number.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"

namespace lyap::framework {

std::string number_text(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15)
    return fmt::format("{}", static_cast<long long>(number));
  // 1e-4 rather than 1e-04, and 1e15 rather than 1e+15: people read these in tables.
  std::string text = shortest(number);
  if (const std::size_t e = text.find('e'); e != text.npos) {
    if (text[e + 1] == '+') text.erase(e + 1, 1);
    const std::size_t digits = e + 1 + (text[e + 1] == '-');
    if (text[digits] == '0') text.erase(digits, 1);
  }
  return text;
}

// By way of the decimal text: multiplying by a power of ten and back makes noise of its own.
double without_noise(double number) {
  return parse_real(fmt::format("{:.11e}", number)).value_or(number);
}

double to_decimals(double number, int decimals) {
  return parse_real(fmt::format("{:.{}f}", number, decimals)).value_or(number);
}

}  // namespace lyap::framework
