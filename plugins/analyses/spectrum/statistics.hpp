// spectrum/statistics.hpp - figures of spectra: means over runs with their errors, dimension, sums.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "finite_means.hpp"

namespace lyap::spectrum {

using analyses::deviation_of;
using analyses::finite;
using analyses::mean_of;
using analyses::missing;

/// Largest deviation / sqrt(runs) over the exponents that live in any run; infinity when one of
/// them lives in a single run.
inline double largest_standard_error(const Matrix& exponents) {
  double largest = 0;
  for (Index i = 0; i < exponents.rows(); ++i) {
    const std::vector<double> values = finite(exponents.row(i));
    if (values.empty()) continue;
    if (values.size() < 2) return std::numeric_limits<double>::infinity();
    largest =
        std::max(largest, deviation_of(values) / std::sqrt(static_cast<double>(values.size())));
  }
  return largest;
}

/// One entry an exponent, over runs.
struct Means {
  Vector mean, deviation, lower, upper, dead;
};

/// Row r: how often each of `count` runs is drawn in resample r, one draw a row of `uniform`.
inline Matrix times_drawn(const Matrix& uniform, Index count) {
  Matrix times = Matrix::Zero(uniform.cols(), count);
  for (Index r = 0; r < uniform.cols(); ++r)
    for (Index draw = 0; draw < count; ++draw)
      times(r, static_cast<Index>(uniform(draw, r) * static_cast<double>(count))) += 1;
  return times;
}

/// Ends of the percentile bootstrap interval of a mean over runs.  Efron and Tibshirani (1993),
/// chapter 13.
class Bootstrap {
 public:
  /// One resample a column of `uniform` (runs x resamples, in [0, 1)).
  Bootstrap(const Matrix& uniform, double confidence)
      : uniform_(uniform), confidence_(confidence), whole_(times_drawn(uniform, uniform.rows())) {}

  /// Lower and upper end; missing without resamples or below two values.
  std::pair<double, double> ends(const std::vector<double>& values) const {
    const auto count = static_cast<Index>(values.size());
    if (count < 2 || uniform_.cols() == 0) return {missing, missing};
    const Eigen::Map<const Vector> of(values.data(), count);
    Vector means = count == whole_.cols() ? whole_ * of : times_drawn(uniform_, count) * of;
    means /= static_cast<double>(count);
    const double lower = quantile(means, 0.5 - confidence_ / 2);
    return {lower, quantile(means, 0.5 + confidence_ / 2)};
  }

 private:
  /// Linear between order statistics, as numpy.percentile.
  static double quantile(Vector& values, double q) {
    const double at = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<Index>(at);
    std::nth_element(values.begin(), values.begin() + below, values.end());
    const double low = values[below];
    if (below + 1 == values.size()) return low;
    const double high = *std::min_element(values.begin() + below + 1, values.end());
    return low + (at - static_cast<double>(below)) * (high - low);
  }

  const Matrix& uniform_;
  double confidence_;
  Matrix whole_;  // resamples x runs: how often each was drawn
};

/// exponents: k x runs.  `each` calls its second argument with 0 .. its first - 1, in any order.
template <class Each>
Means means_of(const Matrix& exponents, const Matrix& uniform, double confidence, Each&& each) {
  const Index k = exponents.rows();
  Means m{Vector(k), Vector(k), Vector(k), Vector(k), Vector(k)};
  const Bootstrap bootstrap(uniform, confidence);
  each(k, [&](Index i) {
    const std::vector<double> values = finite(exponents.row(i));
    m.mean[i] = mean_of(values);
    m.deviation[i] = deviation_of(values);
    m.dead[i] = static_cast<double>(exponents.cols()) - static_cast<double>(values.size());
    std::tie(m.lower[i], m.upper[i]) = bootstrap.ends(values);
  });
  return m;
}

/// D = j + (lambda_1 + .. + lambda_j) / |lambda_{j+1}| with j the last index at which the sum of
/// the sorted exponents is not negative; 0 when the first is negative.  `whole`: these are all the
/// exponents, so that a sum that stays non-negative means D = their number; else it is missing.
/// Kaplan and Yorke (1979).
inline double kaplan_yorke(Vector exponents, bool whole) {
  std::sort(exponents.begin(), exponents.end(), std::greater<>());
  double sum = 0;
  for (Index j = 0; j < exponents.size(); ++j) {
    const double next = sum + exponents[j];
    if (next < 0) return static_cast<double>(j) + sum / std::abs(exponents[j]);
    sum = next;
  }
  return whole ? static_cast<double>(exponents.size()) : missing;
}

/// Sum of the positive exponents: an upper bound of the entropy rate (Ruelle 1978).
inline double positive_sum(const Vector& exponents) {
  return exponents.cwiseMax(0.0).sum();
}

}  // namespace lyap::spectrum
