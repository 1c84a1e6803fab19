// correlate/statistics.hpp - a spectrum in a few numbers.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "correlate/settings.hpp"
#include "finite_means.hpp"
#include "fitted_line.hpp"

namespace lyap::correlate {

inline std::vector<std::string> statistic_names(const Settings& s) {
  std::vector<std::string> names{"max", "mean", "variance", "deviation", "min"};
  for (const Window& w : s.windows)
    names.push_back("slope_" + std::to_string(w.first) + "_" + std::to_string(w.last));
  names.push_back("count_above");
  names.push_back("area_above");
  return names;
}

inline std::string definitions(const Settings& s) {
  return "of exponents in nats/step; variance and deviation with n - 1; slope_A_B: least squares "
         "over the indices A to B from "
         "1, nats/step per index; count_above: exponents above " +
         analyses::number(s.level) + " nats/step; area_above: sum over indices of exponent + " +
         analyses::number(-s.area_level) + ", where that is positive";
}

namespace detail {

inline bool all_finite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

inline double slope(std::span<const double> spectrum, const Window& window) {
  if (window.last > static_cast<Index>(spectrum.size())) return analyses::missing;
  const auto exponents = spectrum.subspan(static_cast<std::size_t>(window.first - 1),
                                          static_cast<std::size_t>(window.last - window.first + 1));
  if (!all_finite(exponents)) return analyses::missing;
  std::vector<double> indices(exponents.size());
  std::iota(indices.begin(), indices.end(), static_cast<double>(window.first));
  return analyses::fitted_line(indices, exponents).slope;
}

}  // namespace detail

/// In the order of statistic_names(). Dead directions, minus infinity, lie below every level and
/// are no maximum; where they would count otherwise, the statistic is missing.
inline std::vector<double> statistics_of(std::span<const double> spectrum, const Settings& s) {
  const bool known =
      !spectrum.empty() && std::none_of(spectrum.begin(), spectrum.end(), [](double x) {
        return std::isnan(x) || x == std::numeric_limits<double>::infinity();
      });
  if (!known) return std::vector<double>(7 + s.windows.size(), analyses::missing);
  const double largest = *std::max_element(spectrum.begin(), spectrum.end());
  std::vector<double> found{std::isfinite(largest) ? largest : analyses::missing};
  if (detail::all_finite(spectrum)) {
    const std::vector<double> exponents(spectrum.begin(), spectrum.end());
    const double deviation = analyses::deviation_of(exponents);
    found.insert(found.end(), {analyses::mean_of(exponents), deviation * deviation, deviation,
                               *std::min_element(exponents.begin(), exponents.end())});
  } else {
    found.insert(found.end(), 4, analyses::missing);
  }
  for (const Window& window : s.windows) found.push_back(detail::slope(spectrum, window));
  double area = 0;
  for (const double exponent : spectrum) area += std::max(exponent - s.area_level, 0.0);
  found.push_back(static_cast<double>(
      std::count_if(spectrum.begin(), spectrum.end(), [&](double x) { return x > s.level; })));
  found.push_back(area);
  return found;
}

}  // namespace lyap::correlate
