// correlate/bootstrap.hpp - how far a coefficient moves when other networks had been drawn.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "correlate/correlation.hpp"

namespace lyap::correlate {

/// The quantile at p of numbers that are not missing, linear between neighbours; missing when most
/// of them are.
inline double percentile(std::vector<double> numbers, double p) {
  const std::size_t all = numbers.size();
  std::erase_if(numbers, [](double x) { return std::isnan(x); });
  if (numbers.empty() || 2 * numbers.size() < all) return analyses::missing;
  std::sort(numbers.begin(), numbers.end());
  const double at = p * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, numbers.size() - 1);
  return numbers[below] + (at - static_cast<double>(below)) * (numbers[above] - numbers[below]);
}

struct Interval {
  double low = analyses::missing, high = analyses::missing;
};

inline Interval interval_of(const std::vector<double>& draws, double confidence) {
  return {percentile(draws, (1 - confidence) / 2), percentile(draws, (1 + confidence) / 2)};
}

/// Percentile intervals; `pairs` that hold the same networks see the same draws.
struct Intervals {
  std::vector<Interval> pearson, spearman;  ///< one for each of `pairs`

  Intervals(const std::vector<Pairs>& pairs, Index networks, Index draws, double confidence,
            const Host& host)
      : pearson(pairs.size()), spearman(pairs.size()) {
    if (draws == 0) return;
    const auto count = static_cast<std::size_t>(draws);
    std::vector<std::vector<double>> r(pairs.size(), std::vector<double>(count)), rho = r;
    constexpr Index block = 64;
    for (Index at = 0; at < draws; at += block) {
      if (host.stopped())
        throw Stopped("the bootstrap was interrupted; its correlations are not kept");
      const Index now = std::min(block, draws - at);
      host.parallel(now, [&](std::int64_t i, int) {
        Vector chance(networks);
        host.uniform("correlate/draw/" + std::to_string(at + i), chance);
        for (std::size_t p = 0; p < pairs.size(); ++p) {
          const auto [pearson, spearman] = pairs[p].coefficients(weights(pairs[p], chance));
          r[p][static_cast<std::size_t>(at + i)] = pearson;
          rho[p][static_cast<std::size_t>(at + i)] = spearman;
        }
      });
      host.progress("bootstrap", at + now, draws);
    }
    for (std::size_t p = 0; p < pairs.size(); ++p) {
      pearson[p] = interval_of(r[p], confidence);
      spearman[p] = interval_of(rho[p], confidence);
    }
  }

 private:
  /// How often each pair is drawn in a sample with replacement.
  static std::vector<double> weights(const Pairs& pairs, const Vector& chance) {
    std::vector<double> weights(pairs.count(), 0);
    const auto n = static_cast<double>(pairs.count());
    for (std::size_t k = 0; k < pairs.count(); ++k)
      ++weights[static_cast<std::size_t>(chance[static_cast<Index>(k)] * n)];
    return weights;
  }
};

}  // namespace lyap::correlate
