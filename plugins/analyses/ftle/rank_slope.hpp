// ftle/rank_slope.hpp - how steeply R values fall when they are sorted.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "finite_means.hpp"
#include "number_text.hpp"

namespace lyap::ftle {

/// Least-squares slope of the values, largest first, over their rank 0, 1, ..; missing below two.
inline double rank_slope(std::vector<double> values) {
  if (values.size() < 2) return analyses::missing;
  std::sort(values.begin(), values.end(), std::greater<>());
  const double middle = static_cast<double>(values.size() - 1) / 2;
  double along = 0, square = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double rank = static_cast<double>(i) - middle;
    along += rank * values[i];
    square += rank * rank;
  }
  return along / square;
}

/// "r of index 1 falls most steeply, ..."; slopes: one an index. Empty when none is known.
inline std::string steepest(const Vector& slopes) {
  Index most = -1;
  for (Index i = 0; i < slopes.size(); ++i)
    if (std::isfinite(slopes[i]) && (most < 0 || slopes[i] < slopes[most])) most = i;
  if (most < 0) return "";
  return "r of index " + std::to_string(most + 1) + " of " + std::to_string(slopes.size()) +
         " has the most negative slope over the rank, " + analyses::number(slopes[most]) +
         (most == 0 ? ", as the supplement of the FTLE paper says of index 1"
                    : "; the supplement of the FTLE paper says it is index 1, which has " +
                          analyses::number(slopes[0]));
}

}  // namespace lyap::ftle
