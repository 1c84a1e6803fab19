// classify/outcomes.hpp - whether each verdict on the judged networks is right, counted.
#pragma once
#include <cmath>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <vector>

#include "judgement.hpp"
#include "labels.hpp"
#include "networks.hpp"
#include "scores.hpp"

namespace lyap::classify {

/// Where in a confusion the verdict falls: 0 tp, 1 fp, 2 fn, 3 tn; 4: nowhere, it is missing.
inline std::uint8_t outcome_of(double verdict, double positive) {
  if (std::isnan(verdict)) return 4;
  return static_cast<std::uint8_t>((verdict == 1 ? 0 : 2) + (positive == 1 ? 0 : 1));
}

struct Outcomes {
  std::vector<Index> networks;  ///< those that are judged
  Index checkpoints;
  /// [rule][seed], of judged networks x checkpoints, checkpoint fastest.
  std::vector<std::vector<std::vector<std::uint8_t>>> of;

  /// Of each checkpoint, and last of all together; every judged network counts `weight` times.
  std::vector<Confusion> confusions(std::size_t rule, std::size_t seed,
                                    const Vector& weight) const {
    const std::vector<std::uint8_t>& outcomes = of[rule][seed];
    // One more cell than a confusion has takes what is missing.
    std::vector<std::array<double, cell_count + 1>> sums(static_cast<std::size_t>(checkpoints));
    std::size_t at = 0;
    for (const double w : weight)
      for (auto& sum : sums) sum[outcomes[at++]] += w;
    std::vector<Confusion> found(sums.size() + 1);
    for (std::size_t c = 0; c < sums.size(); ++c) {
      std::copy_n(sums[c].begin(), cell_count, found[c].cells.begin());
      found.back() += found[c];
    }
    return found;
  }
};

inline Outcomes outcomes_of(const Judgements& judgements, const Networks& t, const Labels& labels,
                            bool test_only) {
  Outcomes all{{}, t.checkpoints, {}};
  for (Index i = 0; i < t.networks; ++i)
    if (t.counted(i) && (!test_only || t.of(i) == Part::Test)) all.networks.push_back(i);
  for (const std::vector<Judgement>& seeds : judgements) {
    all.of.emplace_back();
    for (const Judgement& j : seeds) {
      std::vector<std::uint8_t>& outcomes = all.of.back().emplace_back();
      for (const Index i : all.networks)
        for (Index c = 0; c < t.checkpoints; ++c)
          outcomes.push_back(outcome_of(j.verdict(i, c), labels.positive[i]));
    }
  }
  return all;
}

/// Means over seeds [checkpoint, rule, score]; the last checkpoint is all of them together.
inline analyses::Grid mean_scores(const Outcomes& outcomes, const Vector& weight) {
  const auto rules = static_cast<Index>(outcomes.of.size());
  analyses::Grid means({outcomes.checkpoints + 1, rules, score_count});
  for (Index r = 0; r < rules; ++r) {
    const auto rule = static_cast<std::size_t>(r);
    std::vector<std::vector<Scores>> by_checkpoint(
        static_cast<std::size_t>(outcomes.checkpoints + 1));
    for (std::size_t seed = 0; seed < outcomes.of[rule].size(); ++seed) {
      const std::vector<Confusion> found = outcomes.confusions(rule, seed, weight);
      for (std::size_t c = 0; c < found.size(); ++c)
        by_checkpoint[c].push_back(scores_of(found[c]));
    }
    for (std::size_t c = 0; c < by_checkpoint.size(); ++c) {
      const Scores mean = mean_of(by_checkpoint[c]);
      for (Index k = 0; k < score_count; ++k) means(c, r, k) = mean[static_cast<std::size_t>(k)];
    }
  }
  return means;
}

}  // namespace lyap::classify
