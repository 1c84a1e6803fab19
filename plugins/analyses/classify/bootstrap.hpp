// classify/bootstrap.hpp - how far scores move when other networks had been drawn.
#pragma once
#include <algorithm>
#include <atomic>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "grid.hpp"
#include "outcomes.hpp"

namespace lyap::classify {

using analyses::missing;

/// Linear between the values in ascending order; missing of none.
inline double quantile_of(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return missing;
  const double place = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] + (place - std::floor(place)) * (ascending[above] - ascending[below]);
}

/// How often each of the networks comes in a sample as large as they are, drawn with replacement.
inline Vector bootstrap_weights(Index networks, Index draw, const Host& host) {
  Vector uniform(networks), weight = Vector::Zero(networks);
  host.uniform("bootstrap " + std::to_string(draw), uniform);
  for (const double u : uniform)
    weight[std::min(networks - 1, static_cast<Index>(u * static_cast<double>(networks)))] += 1;
  return weight;
}

struct Interval {
  analyses::Grid lower, upper;  ///< [checkpoint, rule, score], the last checkpoint: all together
};

/// Percentiles of the scores over samples of the judged networks, whole networks with all their
/// checkpoints; labels, boundaries and fits stay as they are. Scores are means over seeds.
/// Efron and Tibshirani (1993), section 13.3.
inline Interval interval_of(const Outcomes& outcomes, Index draws, double confidence,
                            const Host& host) {
  const auto rules = static_cast<Index>(outcomes.of.size());
  const std::vector<std::int64_t> shape{outcomes.checkpoints + 1, rules, score_count};
  Interval interval{analyses::Grid(shape), analyses::Grid(shape)};
  const std::size_t size = interval.lower.values.size();
  std::vector<std::vector<double>> sampled(size,
                                           std::vector<double>(static_cast<std::size_t>(draws)));
  std::atomic<std::int64_t> done = 0;
  host.parallel(draws, [&](std::int64_t draw, std::int32_t) {
    if (host.stopped()) throw Stopped("the classification was interrupted; none of it is kept");
    const auto networks = static_cast<Index>(outcomes.networks.size());
    const analyses::Grid scores = mean_scores(outcomes, bootstrap_weights(networks, draw, host));
    for (std::size_t k = 0; k < size; ++k)
      sampled[k][static_cast<std::size_t>(draw)] = scores.values[k];
    if (++done % 100 == 0) host.progress("bootstrap", done, draws);
  });
  for (std::size_t k = 0; k < size; ++k) {
    std::vector<double>& values = sampled[k];
    values.erase(
        std::remove_if(values.begin(), values.end(), [](double x) { return std::isnan(x); }),
        values.end());
    std::sort(values.begin(), values.end());
    interval.lower.values[k] = quantile_of(values, (1 - confidence) / 2);
    interval.upper.values[k] = quantile_of(values, (1 + confidence) / 2);
  }
  return interval;
}

}  // namespace lyap::classify
