// classify/scalars.hpp - the number by which a rule judges a network at a checkpoint.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <vector>

#include "labels.hpp"
#include "networks.hpp"
#include "regression.hpp"
#include "rules.hpp"

namespace lyap::classify {

namespace detail {

inline bool all_finite(std::span<const double> values) {
  return !values.empty() &&
         std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// Without the padding behind a shorter spectrum.
inline std::span<const double> unpadded(std::span<const double> spectrum) {
  while (!spectrum.empty() && std::isnan(spectrum.back()))
    spectrum = spectrum.first(spectrum.size() - 1);
  return spectrum;
}

/// What the rule uses of the features; empty when that is not finite.
inline std::span<const double> used(const Rule& rule, std::span<const double> features) {
  switch (rule.kind) {
    case Kind::Mean:
    case Kind::Max:
      features = unpadded(features);
      break;
    case Kind::Component:
      features = features.subspan(static_cast<std::size_t>(rule.dimension - 1), 1);
      break;
    default:
      if (rule.dimension) features = features.first(static_cast<std::size_t>(rule.dimension));
  }
  return all_finite(features) ? features : std::span<const double>{};
}

inline double mean(std::span<const double> x) {
  return Eigen::Map<const Vector>(x.data(), static_cast<Index>(x.size())).mean();
}

}  // namespace detail

/// One row of the training part: which network at which checkpoint.
struct Row {
  Index network, checkpoint;
};

/// What the rule can learn from, all checkpoints together.
inline std::vector<Row> training_rows(const Rule& rule, const Networks& t, Index seed) {
  std::vector<Row> rows;
  for (Index i = 0; i < t.networks; ++i)
    for (Index c = 0; c < t.checkpoints; ++c)
      if (t.counted(i) && t.of(i) == Part::Train &&
          !detail::used(rule, t.features[rule.port]->at(seed, i, c)).empty())
        rows.push_back({i, c});
  return rows;
}

inline Regression learned(const Rule& rule, const Networks& t, const Labels& labels,
                          const std::vector<Row>& rows, Index seed, const Host& host) {
  const Features& f = *t.features[rule.port];
  const auto count = static_cast<Index>(rows.size());
  Matrix X(count, rule.dimension ? rule.dimension : f.width);
  Vector y(count);
  for (Index r = 0; r < count; ++r) {
    const Row& row = rows[static_cast<std::size_t>(r)];
    const auto x = detail::used(rule, f.at(seed, row.network, row.checkpoint));
    X.row(r) = Eigen::Map<const Eigen::RowVectorXd>(x.data(), X.cols());
    y[r] = labels.positive[row.network];
  }
  return regression_of(X, y, host);
}

/// networks x checkpoints; missing where what the rule needs is not finite, and everywhere when
/// a regression has nothing to learn from. Of every rule but cells.
inline Matrix scalars_of(const Rule& rule, const Networks& t, const Labels& labels,
                         const std::vector<Row>& training, Index seed, const Host& host) {
  Matrix values = Matrix::Constant(t.networks, t.checkpoints, missing);
  Regression regression{};
  if (rule.kind == Kind::Regression) {
    if (training.empty()) return values;
    regression = learned(rule, t, labels, training, seed, host);
  }
  for (Index c = 0; c < t.checkpoints; ++c)
    for (Index i = 0; i < t.networks; ++i) {
      const auto x = detail::used(rule, t.features[rule.port]->at(seed, i, c));
      if (x.empty()) continue;
      if (rule.kind == Kind::Mean)
        values(i, c) = detail::mean(x);
      else if (rule.kind == Kind::Max)
        values(i, c) = *std::max_element(x.begin(), x.end());
      else
        values(i, c) = rule.kind == Kind::Regression ? regression(x) : x[0];
    }
  return values;
}

/// BadData: a regression on spectra of different lengths.
inline void require_common_length(const RuleList& list, const Networks& t) {
  const auto on_spectra = [](const Rule& r) {
    return r.kind == Kind::Regression && r.port == Spectra;
  };
  if (std::none_of(list.rules.begin(), list.rules.end(), on_spectra)) return;
  const Features& f = *t.features[Spectra];
  for (Index i = 0; i < t.networks; ++i)
    for (Index c = 0; c < t.checkpoints; ++c) {
      const auto length = static_cast<Index>(detail::unpadded(f.at(0, i, c)).size());
      if (length > 0 && length < f.width)
        throw BadData("regression.spectra needs spectra of a common length, and network " +
                      std::to_string(i) + " has " + std::to_string(length) + " of " +
                      std::to_string(f.width) +
                      " exponents; interpolate them first, or name other `rules`");
    }
}

}  // namespace lyap::classify
