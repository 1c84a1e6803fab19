// spectrum/statistics.hpp - figures of spectra: means over runs with their errors, dimension, sums.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
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

/// exponents: k x runs.  lower, upper: percentile bootstrap of the mean over runs, one resample a
/// column of `uniform` (runs x resamples, in [0, 1)); missing without resamples or below two runs.
/// Efron and Tibshirani (1993), chapter 13.
inline Means means_of(const Matrix& exponents, const Matrix& uniform, double confidence) {
  const Index k = exponents.rows();
  Means m{Vector(k), Vector(k), Vector::Constant(k, missing), Vector::Constant(k, missing),
          Vector(k)};
  Vector resampled(uniform.cols());
  // Linear between order statistics, as numpy.percentile.
  const auto quantile = [&](double q) {
    const double at = q * static_cast<double>(resampled.size() - 1);
    const auto below = static_cast<Index>(at);
    std::nth_element(resampled.begin(), resampled.begin() + below, resampled.end());
    const double low = resampled[below];
    if (below + 1 == resampled.size()) return low;
    const double high = *std::min_element(resampled.begin() + below + 1, resampled.end());
    return low + (at - static_cast<double>(below)) * (high - low);
  };
  Matrix times;  // resamples x runs: how often each was drawn
  for (Index i = 0; i < k; ++i) {
    const std::vector<double> values = finite(exponents.row(i));
    m.mean[i] = mean_of(values);
    m.deviation[i] = deviation_of(values);
    m.dead[i] = static_cast<double>(exponents.cols()) - static_cast<double>(values.size());
    if (values.size() < 2 || resampled.size() == 0) continue;
    const auto count = static_cast<Index>(values.size());
    if (times.cols() != count) times = times_drawn(uniform, count);
    resampled = times * Eigen::Map<const Vector>(values.data(), count) / static_cast<double>(count);
    m.lower[i] = quantile(0.5 - confidence / 2);
    m.upper[i] = quantile(0.5 + confidence / 2);
  }
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
