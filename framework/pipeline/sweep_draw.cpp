// framework/pipeline/sweep_draw.cpp - the distributions that a variable of a sweep is drawn from.
#include "pipeline/sweep_draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "pipeline/fields.hpp"
#include "pipeline/sweep_number.hpp"

namespace lyap::framework {
namespace {

using Law = Draw::Law;

constexpr std::array<std::pair<const char*, Law>, 4> laws = {{{"uniform", Law::Uniform},
                                                              {"log_uniform", Law::LogUniform},
                                                              {"normal", Law::Normal},
                                                              {"integer", Law::Integer}}};
// The widest range whose width is still finite; infinity itself is no bound.
const Range finite = {-1e300, 1e300, ""};
// Beyond it not every integer is a double.
const Range whole = {-1e15, 1e15, ""};
const Range decimal_places = {0, 15, ""};

/// The two numbers of a law, or nothing and a mistake.
std::optional<std::pair<double, double>> read_pair(const Node& node, Law law, Mistakes& mistakes) {
  const std::string& name = node.key;
  const auto numbers = to_reals(node, name, law == Law::Integer ? whole : finite, mistakes);
  if (!numbers) return std::nullopt;
  if (numbers->size() == 2) return std::pair((*numbers)[0], (*numbers)[1]);
  mistakes.add(node.place,
               fmt::format("{} takes two numbers, [{}]; got {}", quoted(name),
                           law == Law::Normal ? "mean, std" : "low, high", numbers->size()));
  return std::nullopt;
}

/// What is wrong with the numbers of a law, or "".
std::string wrong_with(const Draw& draw) {
  const auto [law, low, high, decimals] = draw;
  if (law == Law::Normal)
    return high > 0 ? "" : "needs a standard deviation above 0 as its second number";
  if (low >= high) return "goes from the lower to the higher of two different numbers";
  if (law == Law::LogUniform && low <= 0) return "needs numbers above 0";
  if (law == Law::Integer && (low != std::floor(low) || high != std::floor(high)))
    return "takes integers";
  if (decimals && (to_decimals(low, *decimals) < low || to_decimals(high, *decimals) > high))
    return fmt::format(
        "has a bound of more than {} decimal{}, so that a value could be rounded out "
        "of it; give 'digits' more or the bound fewer",
        *decimals, *decimals == 1 ? "" : "s");
  return "";
}

}  // namespace

std::string Draw::text(double quantile) const {
  double value = 0;
  switch (law) {
    case Law::Uniform:
      value = low + quantile * (high - low);
      break;
    case Law::LogUniform:
      value = std::exp(std::log(low) + quantile * (std::log(high) - std::log(low)));
      break;
    case Law::Normal:
      value = low + high * normal_quantile(quantile);
      break;
    case Law::Integer:
      return number_text(std::min(high, low + std::floor(quantile * (high - low + 1))));
  }
  value = decimals ? to_decimals(value, *decimals) : without_noise(value);
  return number_text(law == Law::Normal ? value : std::clamp(value, low, high));
}

std::string law_of(const Node& map) {
  for (const auto& [name, law] : laws)
    if (map.find(name)) return name;
  return "";
}

std::optional<Draw> read_draw(const Node& map, Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  Fields fields(map, quoted(map.key), mistakes);
  const std::string name = law_of(map);
  Draw draw;
  for (const auto& [word, law] : laws)
    if (name == word) draw.law = law;
  const Node* numbers = fields.require(name, "two numbers");
  if (draw.law != Law::Integer)
    if (const Node* digits = fields.take("digits"))
      if (const auto decimals = to_integer(*digits, "digits", decimal_places, mistakes))
        draw.decimals = static_cast<int>(*decimals);
  if (numbers)
    if (const auto pair = read_pair(*numbers, draw.law, mistakes)) {
      std::tie(draw.low, draw.high) = *pair;
      if (const std::string wrong = wrong_with(draw); !wrong.empty())
        mistakes.add(numbers->place, fmt::format("{} {}", quoted(name), wrong));
    }
  fields.finish();
  if (mistakes.size() > before) return std::nullopt;
  return draw;
}

double normal_quantile(double quantile) {
  // Coefficients of P. J. Acklam, "An algorithm for computing the inverse normal cumulative
  // distribution function"; relative error below 1.15e-9 before the last step.
  constexpr std::array a = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                            1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array b = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                            6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
  constexpr std::array c = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                            -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array d = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                            3.754408661907416e+00, 1.0};
  const auto polynomial = [](const auto& coefficients, double at) {
    double value = 0;
    for (const double coefficient : coefficients) value = value * at + coefficient;
    return value;
  };
  // The lower half only: there the quantile itself, and not its distance from 1, has all its bits.
  if (quantile > 0.5) return -normal_quantile(1 - quantile);
  double x = 0;
  if (quantile < 0.02425) {
    const double q = std::sqrt(-2 * std::log(quantile));
    x = polynomial(c, q) / polynomial(d, q);
  } else {
    const double q = quantile - 0.5;
    x = q * polynomial(a, q * q) / polynomial(b, q * q);
  }
  const double excess = 0.5 * std::erfc(-x / std::numbers::sqrt2) - quantile;
  const double step = excess * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - step / (1 + x * step / 2);
}

}  // namespace lyap::framework
