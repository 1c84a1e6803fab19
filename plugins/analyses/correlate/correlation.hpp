// correlate/correlation.hpp - Pearson's and Spearman's coefficients, of a sample and of its
// bootstrap samples.
#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "finite_means.hpp"

namespace lyap::correlate {

/// r = Sxy / sqrt(Sxx Syy), every pair as often as its weight says; missing when there are fewer
/// than three pairs, or one side is constant.
inline double pearson(std::span<const double> x, std::span<const double> y,
                      std::span<const double> weights) {
  double all = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
  std::size_t first = x.size();
  bool varies_x = false, varies_y = false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (weights[i] == 0) continue;
    if (first == x.size()) first = i;
    varies_x |= x[i] != x[first];
    varies_y |= y[i] != y[first];
    all += weights[i];
    mean_x += weights[i] * x[i];
    mean_y += weights[i] * y[i];
  }
  if (all < 3 || !varies_x || !varies_y) return analyses::missing;
  mean_x /= all;
  mean_y /= all;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - mean_x, dy = y[i] - mean_y;
    xx += weights[i] * dx * dx;
    yy += weights[i] * dy * dy;
    xy += weights[i] * dx * dy;
  }
  return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
}

/// Places of the numbers, the smallest first.
inline std::vector<std::size_t> ascending(std::span<const double> numbers) {
  std::vector<std::size_t> order(numbers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  return order;
}

/// Ranks from 1, equal numbers the middle of theirs, of a sample that holds each number as often as
/// its weight says.
inline std::vector<double> midranks(std::span<const double> numbers,
                                    std::span<const std::size_t> order,
                                    std::span<const double> weights) {
  std::vector<double> ranks(numbers.size());
  double before = 0;
  for (std::size_t i = 0; i < order.size();) {
    double equal = 0;
    std::size_t end = i;
    for (; end < order.size() && numbers[order[end]] == numbers[order[i]]; ++end)
      equal += weights[order[end]];
    for (; i < end; ++i) ranks[order[i]] = before + (equal + 1) / 2;
    before += equal;
  }
  return ranks;
}

/// What networks have two finite numbers of.
class Pairs {
 public:
  void add(double x, double y) {
    if (!std::isfinite(x) || !std::isfinite(y)) return;
    x_.push_back(x);
    y_.push_back(y);
  }
  /// All pairs are there.
  void close() {
    order_x_ = ascending(x_);
    order_y_ = ascending(y_);
  }
  std::size_t count() const { return x_.size(); }

  struct Coefficients {
    double pearson, spearman;
  };
  Coefficients coefficients(std::span<const double> weights) const {
    return {pearson(x_, y_, weights),
            pearson(midranks(x_, order_x_, weights), midranks(y_, order_y_, weights), weights)};
  }
  Coefficients coefficients() const { return coefficients(std::vector<double>(count(), 1)); }

 private:
  std::vector<double> x_, y_;
  std::vector<std::size_t> order_x_, order_y_;
};

}  // namespace lyap::correlate
