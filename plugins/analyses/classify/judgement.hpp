// classify/judgement.hpp - a rule with one seed: what it learned, and what it says of every
// network.
#pragma once
#include <atomic>
#include <cmath>
#include <lyap/lyap.hpp>
#include <utility>
#include <vector>

#include "boundary.hpp"
#include "cells.hpp"
#include "labels.hpp"
#include "networks.hpp"
#include "rules.hpp"
#include "scalars.hpp"
#include "settings.hpp"

namespace lyap::classify {

struct Judgement {
  Matrix verdict;       ///< networks x checkpoints; 1: accurate, 0: not, missing
  Vector boundary;      ///< of each checkpoint; missing for cells
  double orientation;   ///< the accurate side is 1: above, -1: below; missing for cells
  bool decided = true;  ///< the training part says which side
};

namespace detail {

inline Judgement judged_by_cells(const Rule& rule, const Networks& t, const Labels& labels,
                                 const std::vector<Row>& training, Index seed) {
  Judgement j{Matrix::Constant(t.networks, t.checkpoints, missing),
              Vector::Constant(t.checkpoints, missing), missing, !training.empty()};
  if (training.empty()) return j;
  const Cells cells(rule, t, labels, training, seed);
  for (Index c = 0; c < t.checkpoints; ++c)
    for (Index i = 0; i < t.networks; ++i) {
      const auto x = used(rule, t.features[rule.port]->at(seed, i, c));
      if (!x.empty()) j.verdict(i, c) = cells.accurate(x) ? 1 : 0;
    }
  return j;
}

inline Vector fixed_boundaries(const Rule& rule, const Matrix& values, const Labels& labels,
                               const Settings& s) {
  if (rule.kind == Kind::Loss && s.epoch_median) return median_boundaries(values, labels);
  return Vector::Constant(values.cols(), labels.threshold);
}

inline Matrix beyond(const Matrix& values, const Vector& boundary, double sign) {
  Matrix verdict = Matrix::Constant(values.rows(), values.cols(), missing);
  for (Index c = 0; c < values.cols(); ++c)
    for (Index i = 0; i < values.rows(); ++i)
      if (std::isfinite(values(i, c)) && std::isfinite(boundary[c]))
        verdict(i, c) = sign * values(i, c) > sign * boundary[c] ? 1 : 0;
  return verdict;
}

}  // namespace detail

/// A network is called accurate strictly beyond the boundary.
inline Judgement judgement_of(const Rule& rule, const Networks& t, const Labels& labels,
                              const Settings& s, Index seed, const Host& host) {
  const std::vector<Row> training = training_rows(rule, t, seed);
  if (rule.kind == Kind::Cells) return detail::judged_by_cells(rule, t, labels, training, seed);
  const Matrix values = scalars_of(rule, t, labels, training, seed, host);
  Judgement j;
  j.orientation = rule.fixed() ? -1 : orientation_of(values, labels, training);
  j.decided = j.orientation != 0;
  if (!j.decided) j.orientation = 1;
  j.boundary = rule.fixed() ? detail::fixed_boundaries(rule, values, labels, s)
               : s.best     ? best_boundaries(values, labels, j.orientation, t)
                            : median_boundaries(values, labels);
  j.verdict = detail::beyond(values, j.boundary, j.orientation);
  return j;
}

/// [rule][seed], one seed where the rule's port has one.
using Judgements = std::vector<std::vector<Judgement>>;

inline Judgements judgements_of(const std::vector<Rule>& rules, const Networks& t,
                                const Labels& labels, const Settings& s, const Host& host) {
  Judgements all;
  std::vector<std::pair<std::size_t, Index>> items;
  for (const Rule& rule : rules) {
    const Index seeds = t.features[rule.port]->seeds;
    for (Index seed = 0; seed < seeds; ++seed) items.emplace_back(all.size(), seed);
    all.emplace_back(static_cast<std::size_t>(seeds));
  }
  std::atomic<std::int64_t> done = 0;
  const auto total = static_cast<std::int64_t>(items.size());
  host.parallel(total, [&](std::int64_t item, std::int32_t) {
    if (host.stopped()) throw Stopped("the classification was interrupted; none of it is kept");
    const auto [rule, seed] = items[static_cast<std::size_t>(item)];
    all[rule][static_cast<std::size_t>(seed)] = judgement_of(rules[rule], t, labels, s, seed, host);
    host.progress("classify", ++done, total);
  });
  return all;
}

}  // namespace lyap::classify
