// perturbation/order_tests.hpp - each ordering against the random sets, at each count.
#pragma once
#include <array>
#include <vector>

#include "comparison.hpp"
#include "experiment.hpp"

namespace lyap::perturbation {

/// The order of the axis `figure`.
enum Figure {
  Difference,
  StandardError,
  ZP,
  WelchT,
  WelchDf,
  WelchP,
  HolmZP,
  HolmWelchP,
  PairedT,
  PairedP,
  HolmPairedP
};
inline constexpr Index figure_count = 11;
inline constexpr const char* figure_names =
    "mean difference, standard error, z p, Welch t, Welch df, Welch p, Holm z p, Holm Welch p, "
    "paired t, paired p, Holm paired p";

namespace detail {

/// Over sequences: the ordering's difference, less the mean over the sequence's own draws.
inline std::vector<double> paired(const Outcome& outcome, Index order, Index c) {
  const auto& random = outcome.random_difference;
  std::vector<double> gains;
  for (Index s = 0; s < random.shape[0]; ++s) {
    const double* draws =
        &random.values[static_cast<std::size_t>((s * random.shape[1] + c) * random.shape[2])];
    gains.push_back(outcome.difference(order, s, c) -
                    std::accumulate(draws, draws + random.shape[2], 0.0) /
                        static_cast<double>(random.shape[2]));
  }
  return gains;
}

}  // namespace detail

/// [order, count, figure]. Missing: orderings that were not asked for, and all but the difference
/// where every step is changed, so that all orderings are the same.
inline analyses::Grid tests_of(const Outcome& outcome, const Subject& subject) {
  const auto& difference = outcome.difference;
  const auto& random = outcome.random_difference;
  const Index S = difference.shape[1], C = difference.shape[2], draws = random.shape[2];
  analyses::Grid tests({order_count, C, figure_count});
  for (Index order = 0; order < order_count; ++order) {
    if (std::isnan(difference(order, 0, 0))) continue;
    for (Index c = 0; c < C; ++c) {
      std::vector<double> first, second;
      for (Index s = 0; s < S; ++s) {
        first.push_back(difference(order, s, c));
        for (Index d = 0; d < draws; ++d) second.push_back(random(s, c, d));
      }
      const Comparison z = compare(sample_of(first), sample_of(second));
      tests(order, c, Difference) = z.difference;
      if (subject.counts[static_cast<std::size_t>(c)] == subject.steps) continue;
      const Paired t = compare_with_zero(sample_of(detail::paired(outcome, order, c)));
      const std::array figures{z.standard_error, z.z_p,   z.welch_t, z.welch_df, z.welch_p,
                               missing,          missing, t.t,       t.p};
      for (std::size_t f = 0; f < figures.size(); ++f)
        tests(order, c, StandardError + static_cast<Index>(f)) = figures[f];
    }
    for (const auto& [from, to] :
         {std::pair(ZP, HolmZP), std::pair(WelchP, HolmWelchP), std::pair(PairedP, HolmPairedP)}) {
      std::vector<double> p;
      for (Index c = 0; c < C; ++c) p.push_back(tests(order, c, from));
      const std::vector<double> corrected = holm(p);
      for (Index c = 0; c < C; ++c) tests(order, c, to) = corrected[static_cast<std::size_t>(c)];
    }
  }
  return tests;
}

}  // namespace lyap::perturbation
