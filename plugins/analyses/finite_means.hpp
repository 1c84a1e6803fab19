// plugins/analyses/finite_means.hpp - means over runs that leave out what is minus infinity.
#pragma once
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::analyses {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// The values that are not minus infinity: dead directions are counted, not averaged.
inline std::vector<double> finite(
    const Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>& values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](double x) { return std::isfinite(x); });
  return kept;
}

/// Minus infinity when there are none.
inline double mean_of(const std::vector<double>& values) {
  if (values.empty()) return -std::numeric_limits<double>::infinity();
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

/// Sample standard deviation (n - 1); missing below two.
inline double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2) return missing;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double x : values) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

}  // namespace lyap::analyses
