// classify/figures.hpp - the scores of every rule: of seeds, checkpoints and groups.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <vector>

#include "bootstrap.hpp"
#include "grid.hpp"
#include "judgement.hpp"
#include "labels.hpp"
#include "networks.hpp"
#include "outcomes.hpp"
#include "settings.hpp"

namespace lyap::classify {

/// Axes where a checkpoint comes first have one more of them: all together.
struct Figures {
  analyses::Grid scores, confusion;  ///< [seed, checkpoint, rule, score or cell]
  analyses::Grid mean, deviation;    ///< [checkpoint, rule, score], over seeds
  Interval interval;                 ///< of the mean
  analyses::Grid count;              ///< [checkpoint, rule]: verdicts of the first seed
  analyses::Grid by_kind;            ///< [group, rule, score], all checkpoints together
  analyses::Grid kind_count;         ///< [group, networks or accurate ones]
};

namespace detail {

inline void count_rule(Figures& f, const Outcomes& outcomes, Index r, const Vector& once) {
  const auto rule = static_cast<std::size_t>(r);
  const std::size_t own = outcomes.of[rule].size();
  std::vector<std::vector<Scores>> seeds(static_cast<std::size_t>(outcomes.checkpoints + 1));
  for (Index s = 0; s < f.scores.shape[0]; ++s) {
    // A rule without seeds says the same with each.
    const std::vector<Confusion> found =
        outcomes.confusions(rule, own == 1 ? 0 : static_cast<std::size_t>(s), once);
    for (Index c = 0; c <= outcomes.checkpoints; ++c) {
      const Confusion& confusion = found[static_cast<std::size_t>(c)];
      const Scores scores = scores_of(confusion);
      if (static_cast<std::size_t>(s) < own) seeds[static_cast<std::size_t>(c)].push_back(scores);
      if (s == 0) f.count(c, r) = confusion.total();
      for (std::size_t k = 0; k < scores.size() && c < outcomes.checkpoints; ++k) {
        f.scores(s, c, r, k) = scores[k];
        f.confusion(s, c, r, k) = confusion.cells[k];
      }
    }
  }
  for (std::size_t c = 0; c < seeds.size(); ++c) {
    const Scores deviation = deviation_of(seeds[c]);
    for (std::size_t k = 0; k < deviation.size(); ++k) f.deviation(c, r, k) = deviation[k];
  }
}

inline void count_kinds(Figures& f, const Outcomes& outcomes, const Networks& t,
                        const Labels& labels) {
  for (Index kind = 0; kind < static_cast<Index>(t.kinds.size()); ++kind) {
    Vector weight(static_cast<Index>(outcomes.networks.size()));
    double positives = 0;
    for (Index j = 0; j < weight.size(); ++j) {
      const Index i = outcomes.networks[static_cast<std::size_t>(j)];
      weight[j] = t.kind[static_cast<std::size_t>(i)] == kind ? 1 : 0;
      positives += weight[j] * labels.positive[i];
    }
    f.kind_count(kind, 0) = weight.sum();
    f.kind_count(kind, 1) = positives;
    const analyses::Grid all = mean_scores(outcomes, weight);
    for (Index r = 0; r < all.shape[1]; ++r)
      for (Index k = 0; k < score_count; ++k)
        f.by_kind(kind, r, k) = all(outcomes.checkpoints, r, k);
  }
}

}  // namespace detail

inline Figures figures_of(const Outcomes& outcomes, const Networks& t, const Labels& labels,
                          const Settings& settings, const Host& host) {
  const auto rules = static_cast<Index>(outcomes.of.size());
  const auto kinds = static_cast<Index>(t.kinds.size());
  const Vector once = Vector::Ones(static_cast<Index>(outcomes.networks.size()));
  Figures f{analyses::Grid({t.seeds, t.checkpoints, rules, score_count}),
            analyses::Grid({t.seeds, t.checkpoints, rules, cell_count}),
            mean_scores(outcomes, once),
            analyses::Grid({t.checkpoints + 1, rules, score_count}),
            interval_of(outcomes, settings.draws, settings.confidence, host),
            analyses::Grid({t.checkpoints + 1, rules}),
            analyses::Grid({kinds, rules, score_count}),
            analyses::Grid({kinds, 2})};
  for (Index r = 0; r < rules; ++r) detail::count_rule(f, outcomes, r, once);
  detail::count_kinds(f, outcomes, t, labels);
  return f;
}

}  // namespace lyap::classify
