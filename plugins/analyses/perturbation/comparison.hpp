// perturbation/comparison.hpp - is one group of numbers larger than another? Tests and their
// correction for being many.
#pragma once
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "grid.hpp"

namespace lyap::perturbation {

using analyses::missing;

/// A sample in what tests need of it; the variance is missing below two numbers.
struct Sample {
  double count, mean, variance;
};

inline Sample sample_of(std::span<const double> numbers) {
  const auto n = static_cast<double>(numbers.size());
  const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / n;
  double squares = 0;
  for (const double x : numbers) squares += (x - mean) * (x - mean);
  return {n, mean, numbers.size() < 2 ? missing : squares / (n - 1)};
}

/// P(Z > z) and P(T > t).
inline double upper_tail(double z) {
  if (!std::isfinite(z)) return missing;
  return boost::math::cdf(boost::math::complement(boost::math::normal(), z));
}
inline double upper_tail(double t, double degrees_of_freedom) {
  if (!std::isfinite(t) || !(degrees_of_freedom > 0)) return missing;
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees_of_freedom), t));
}

/// One-sided: is the mean of the first sample larger?  z = (m1 - m2) / SE with
/// SE^2 = s1^2/n1 + s2^2/n2, p = 1 - Phi(z); Welch (1947): the same ratio against Student's t with
/// df = SE^4 / ((s1^2/n1)^2/(n1-1) + (s2^2/n2)^2/(n2-1)).
struct Comparison {
  double difference, standard_error, z_p, welch_t, welch_df, welch_p;
};

inline Comparison compare(const Sample& first, const Sample& second) {
  const double a = first.variance / first.count, b = second.variance / second.count;
  Comparison c{};
  c.difference = first.mean - second.mean;
  c.standard_error = std::sqrt(a + b);
  c.welch_t = c.difference / c.standard_error;
  c.welch_df = (a + b) * (a + b) / (a * a / (first.count - 1) + b * b / (second.count - 1));
  c.z_p = upper_tail(c.welch_t);
  c.welch_p = upper_tail(c.welch_t, c.welch_df);
  return c;
}

/// One-sided: is the mean of these differences above 0?  t = m / (s / sqrt n), df = n - 1.
struct Paired {
  double t, p;
};

inline Paired compare_with_zero(const Sample& differences) {
  const double t = differences.mean / std::sqrt(differences.variance / differences.count);
  return {t, upper_tail(t, differences.count - 1)};
}

/// Holm (1979): the i-th smallest of m is multiplied by m - i + 1, and none may fall below one
/// before it. Missing values stay so and are not counted.
inline std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size(), missing);
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto others = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, others * p[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

}  // namespace lyap::perturbation
