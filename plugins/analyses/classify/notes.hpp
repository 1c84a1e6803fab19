// classify/notes.hpp - what was done and what was left out, said with the results.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"
#include "networks.hpp"
#include "number_text.hpp"
#include "outcomes.hpp"
#include "rules.hpp"
#include "settings.hpp"

namespace lyap::classify {

using Notes = std::vector<std::pair<std::string, std::string>>;

namespace detail {

inline Index part_size(const Networks& t, Part part) {
  Index count = 0;
  for (Index i = 0; i < t.networks; ++i) count += t.counted(i) && t.of(i) == part;
  return count;
}

inline std::string label_text(const Labels& labels, const Settings& s) {
  return "target strictly below " + analyses::number(labels.threshold) +
         (s.threshold         ? ", the number given"
          : s.median_of_train ? ", the median of the training part"
                              : ", the median of all finite targets");
}

inline std::string boundary_text(const Networks& t, const Settings& s) {
  if (!s.best) return "median over all networks at each checkpoint";
  return std::string("midpoint with the best F1 on the ") +
         (part_size(t, Part::Validation) ? "validation part"
                                         : "training part, there being no validation part") +
         ", all checkpoints together";
}

}  // namespace detail

/// The sentence on networks that count nowhere; empty when there are none.
inline std::string left_out_text(const Networks& t) {
  Index no_target = 0, no_part = 0;
  for (Index i = 0; i < t.networks; ++i) {
    const bool finite = std::isfinite(t.target[static_cast<std::size_t>(i)]);
    no_target += !finite;
    no_part += finite && t.of(i) == Part::None;
  }
  if (no_target + no_part == 0) return "";
  std::string text = std::to_string(no_target + no_part) + " of " + std::to_string(t.networks) +
                     " networks were left out: ";
  if (no_target) text += std::to_string(no_target) + " without a finite target";
  if (no_target && no_part) text += ", ";
  if (no_part) text += std::to_string(no_part) + " in no part";
  return text;
}

/// Lines above the scores.
inline std::string heading_of(const Networks& t, const Labels& labels, const Settings& s,
                              const Outcomes& outcomes) {
  double positives = 0;
  for (const Index i : outcomes.networks) positives += labels.positive[i];
  const std::string left_out = left_out_text(t);
  return std::to_string(outcomes.networks.size()) + " networks" +
         (s.test_only ? " of the test part, " : ", ") + analyses::number(positives, 15) +
         " accurate: " + detail::label_text(labels, s) + "\n" +
         (left_out.empty() ? "" : left_out + "\n");
}

/// "mean 2, loss 40": verdicts of the first seed that are missing among the judged networks; empty
/// when none are.
inline std::string missing_text(const std::vector<Rule>& rules, const Figures& f,
                                const Outcomes& outcomes) {
  const auto asked =
      static_cast<double>(static_cast<Index>(outcomes.networks.size()) * outcomes.checkpoints);
  std::string text;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const double lacking = asked - f.count(outcomes.checkpoints, r);
    if (lacking > 0)
      text += (text.empty() ? "" : ", ") + rules[r].name + " " + analyses::number(lacking, 15);
  }
  if (text.empty()) return "";
  return "verdicts left out of " + analyses::number(asked, 15) +
         " (networks x checkpoints), since what the rule needs is not finite there: " + text;
}

/// Rules whose training part does not say on which side accurate networks lie; empty when all do.
inline std::string undecided_text(const std::vector<Rule>& rules, const Judgements& judgements) {
  std::string text;
  for (std::size_t r = 0; r < rules.size(); ++r)
    for (const Judgement& j : judgements[r])
      if (!j.decided) {
        text += (text.empty() ? "" : ", ") + rules[r].name;
        break;
      }
  if (text.empty()) return "";
  return "the training part says nothing about accurate networks by " + text +
         ": it is empty there, of one class, or uncorrelated";
}

/// Published figures with no row of ours; empty when there are none.
inline std::string unmatched_text(const std::vector<Rule>& rules, const Networks& t,
                                  const std::vector<Published>& published) {
  std::string text;
  for (const Published& p : published) {
    const bool known = std::any_of(rules.begin(), rules.end(),
                                   [&](const Rule& rule) { return rule.name == p.rule; });
    if (known && p.checkpoint < t.checkpoints) continue;
    text += (text.empty() ? "" : ", ") + p.rule;
    if (p.checkpoint >= 0) text += "@" + std::to_string(p.checkpoint);
  }
  return text.empty() ? "" : "published figures of what was not measured are not shown: " + text;
}

inline Notes notes_of(const Networks& t, const Labels& labels, const Settings& s,
                      const Outcomes& outcomes) {
  const auto parts = [&](Part part) { return std::to_string(detail::part_size(t, part)); };
  return {
      {"positive", detail::label_text(labels, s)},
      {"boundary", detail::boundary_text(t, s) + "; accurate strictly beyond it"},
      {"orientation",
       "the accurate side is the sign of the correlation with the label in the training part, all "
       "checkpoints together"},
      {"regression",
       "least squares on the labels 0 and 1 with an intercept, on the training part, all "
       "checkpoints together; the smallest slope where several fit equally well"},
      {"cells",
       "cut at the medians of the training part, all checkpoints together; accurate where the "
       "training part holds more accurate networks than others"},
      {"loss", s.epoch_median ? "accurate below the median of the losses at the checkpoint"
                              : "accurate below the threshold of the label"},
      {"parts", parts(Part::Train) + " train, " + parts(Part::Validation) + " validation, " +
                    parts(Part::Test) + " test"},
      {"evaluated", std::to_string(outcomes.networks.size()) +
                        (s.test_only ? " networks of the test part"
                                     : " networks of all parts, those learned from among them")},
      {"scores",
       "precision TP/(TP+FP), recall TP/(TP+FN), F1 2TP/(2TP+FP+FN), accuracy (TP+TN)/n; missing "
       "where that is 0/0"},
      {"interval",
       s.draws == 0
           ? "none"
           : "percentiles at confidence " + analyses::number(s.confidence) + " over " +
                 std::to_string(s.draws) +
                 " bootstrap samples of networks, mean over seeds; labels, boundaries and fits are "
                 "not learned again"},
      {"seeds", std::to_string(t.seeds)}};
}

}  // namespace lyap::classify
