// aelle/statistics.hpp - medians, correlation and explained variance.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::aelle {

/// The value below which this share of the others lies, between neighbours in proportion.
inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}
inline double median(const Vector& values) {
  return quantile({values.begin(), values.end()}, 0.5);
}

/// Pearson's; 0 when one of them does not vary.
inline double correlation(const Vector& a, const Vector& b) {
  const Vector x = a.array() - a.mean(), y = b.array() - b.mean();
  const double norm = x.norm() * y.norm();
  return norm > 0 ? x.dot(y) / norm : 0;
}

/// 1 - (sum of squared errors) / (sum of squares about the mean); missing below two values.
inline double r_squared(const Vector& predicted, const Vector& actual) {
  const double spread = (actual.array() - actual.mean()).square().sum();
  if (actual.size() < 2 || !(spread > 0)) return std::numeric_limits<double>::quiet_NaN();
  return 1 - (predicted - actual).squaredNorm() / spread;
}

}  // namespace lyap::aelle
