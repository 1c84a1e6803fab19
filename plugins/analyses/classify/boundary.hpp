// classify/boundary.hpp - on which side of which number a network is called accurate.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "labels.hpp"
#include "networks.hpp"
#include "scalars.hpp"

namespace lyap::classify {

/// 1: larger values go with accurate networks in the training rows, -1: smaller ones; 0: neither,
/// when the correlation is 0 or one of the two does not vary.  values: networks x checkpoints.
inline double orientation_of(const Matrix& values, const Labels& labels,
                             const std::vector<Row>& training) {
  const auto count = static_cast<Index>(training.size());
  if (count == 0) return 0;
  Vector x(count), y(count);
  for (Index r = 0; r < count; ++r) {
    const Row& row = training[static_cast<std::size_t>(r)];
    x[r] = values(row.network, row.checkpoint);
    y[r] = labels.positive[row.network];
  }
  const double size = x.cwiseAbs().maxCoeff();
  x.array() -= x.mean();
  y.array() -= y.mean();
  const double covariance = x.dot(y), scale = x.norm() * y.norm();
  // A constant leaves a rounding error of its own size behind, with either sign.
  if (x.norm() <= 1e-14 * size * std::sqrt(static_cast<double>(count))) return 0;
  if (std::abs(covariance) <= 1e-12 * scale) return 0;
  return covariance > 0 ? 1 : -1;
}

/// A value with its label.
using Labelled = std::pair<double, bool>;

/// The midpoint between neighbouring values with the best F1 when what lies above it is called
/// accurate; of several the highest, so that turning all signs turns nothing else. The value itself
/// when all are the same; missing of none.
inline double best_boundary(std::vector<Labelled> values) {
  if (values.empty()) return missing;
  std::sort(values.begin(), values.end(),
            [](const Labelled& a, const Labelled& b) { return a.first > b.first; });
  const auto positives = static_cast<double>(
      std::count_if(values.begin(), values.end(), [](const Labelled& v) { return v.second; }));
  double best = values[0].first, best_f1 = -1, hits = 0;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    const double above = values[i].first, below = values[i + 1].first;
    hits += values[i].second ? 1 : 0;
    if (above == below) continue;
    const double called = static_cast<double>(i + 1), f1 = 2 * hits / (called + positives);
    if (!(f1 > best_f1)) continue;
    const double middle = std::midpoint(below, above);
    best = middle < above ? middle : below;
    best_f1 = f1;
  }
  return best;
}

namespace detail {

/// Of the networks of one part, or of all that count.
template <class Wanted>
std::vector<Labelled> labelled(const Matrix& values, const Labels& labels, double sign,
                               const Wanted& wanted) {
  std::vector<Labelled> kept;
  for (Index c = 0; c < values.cols(); ++c)
    for (Index i = 0; i < values.rows(); ++i)
      if (std::isfinite(values(i, c)) && std::isfinite(labels.positive[i]) && wanted(i))
        kept.emplace_back(sign * values(i, c), labels.positive[i] == 1);
  return kept;
}

}  // namespace detail

/// Of all networks that count, at each checkpoint.
inline Vector median_boundaries(const Matrix& values, const Labels& labels) {
  Vector medians(values.cols());
  for (Index c = 0; c < values.cols(); ++c) {
    std::vector<double> column;
    for (Index i = 0; i < values.rows(); ++i)
      if (std::isfinite(values(i, c)) && std::isfinite(labels.positive[i]))
        column.push_back(values(i, c));
    medians[c] = median_of(std::move(column));
  }
  return medians;
}

/// Of the validation part, of the training part when that has none; all checkpoints together.
inline Vector best_boundaries(const Matrix& values, const Labels& labels, double sign,
                              const Networks& t) {
  std::vector<Labelled> from =
      detail::labelled(values, labels, sign, [&](Index i) { return t.of(i) == Part::Validation; });
  if (from.empty())
    from = detail::labelled(values, labels, sign, [&](Index i) { return t.of(i) == Part::Train; });
  return Vector::Constant(values.cols(), sign * best_boundary(std::move(from)));
}

}  // namespace lyap::classify
