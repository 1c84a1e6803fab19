// classify/classify.cpp - which rule tells accurate networks from the others by their spectra?
#include <lyap/lyap.hpp>

#include <numeric>
#include <string>
#include <vector>

#include "figures.hpp"
#include "grid.hpp"
#include "judgement.hpp"
#include "labels.hpp"
#include "networks.hpp"
#include "notes.hpp"
#include "outcomes.hpp"
#include "rules.hpp"
#include "settings.hpp"
#include "table.hpp"

namespace lyap::classify {

class Classify final : public Analysis {
 public:
  static constexpr About about{
      "classify", "1.0.0",
      "Accurate networks told from the others by their Lyapunov spectra: thresholds, regressions "
      "and cells compared",
      "Lyapunov-guided representation of recurrent neural network performance, Tables 1 to 4"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Classify(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;

 private:
  void give_counts(Context& context, const Labels& labels, const Outcomes& outcomes) const;
  void give_names(Context& context, const std::vector<Rule>& rules, const Networks& t) const;
  void give_scores(Context& context, const Figures& figures, const Networks& t) const;
  void give_verdicts(Context& context, const Judgements& judgements, const Networks& t) const;
  void give_tables(Context& context, const Told& told) const;
  Settings settings_;
};

void Classify::ports(Ports& p) {
  p.input("target", "loss[network]", "what networks are called accurate by: their final loss");
  p.optional("spectra", "exponent[network, checkpoint, index] nats/step",
             "for the rules mean, max and regression.spectra, the last of a common length");
  p.optional("raw", "coordinate[seed, network, checkpoint, component]",
             "principal components of the spectra, for raw.1 and regression.raw");
  p.optional("aelle", "coordinate[seed, network, checkpoint, component]",
             "principal components of latent codes, for aelle.1, regression.aelle and cells");
  p.optional("prediction", "loss[seed, network, checkpoint]",
             "predicted target, for the rule prediction");
  p.optional("loss", "loss[network, checkpoint]",
             "loss at the checkpoint, for the baseline rule loss");
  p.optional("part", "part[network]",
             "0 train, 1 validation, 2 test, missing: left out; all train when not connected");
  p.optional("group", "group[network]", "groups to tell the scores of, one row each");
  p.optional("epoch", "epoch[checkpoint]", "by which the tables name checkpoints");
  p.result("networks", "count", "networks that are judged");
  p.result("positives", "count", "accurate ones among them");
  p.result("threshold", "loss", "networks with a target strictly below are accurate");
  p.result("rule", "rule[rule]", "the rules by name");
  p.result("score", "score[score]", "the scores by name");
  p.result("cell", "cell[cell]", "the counts of a confusion matrix by name");
  p.result("label", "label[network]", "1 accurate, 0 not; missing where it is left out");
  p.result("overall", "score[rule, score]",
           "of all checkpoints together, mean over seeds; the last row of the table");
  p.result("overall_lower", "score[rule, score]", "where its bootstrap interval begins");
  p.result("overall_upper", "score[rule, score]", "and ends");
  p.result("mean", "score[checkpoint, rule, score]", "mean over seeds");
  p.result("deviation", "score[checkpoint, rule, score]",
           "sample standard deviation over seeds; missing for rules without seeds");
  p.result("lower", "score[checkpoint, rule, score]",
           "where the bootstrap interval of the mean over seeds begins");
  p.result("upper", "score[checkpoint, rule, score]", "and ends");
  p.result("scores", "score[seed, checkpoint, rule, score]",
           "of each seed; the same with each for rules without seeds");
  p.result("confusion", "count[seed, checkpoint, rule, cell]",
           "networks by verdict and label; positive: accurate");
  p.result("boundary", "boundary[seed, checkpoint, rule]",
           "a network strictly beyond is called accurate; missing for cells");
  p.result("orientation", "orientation[seed, rule]",
           "1: the accurate side is above the boundary, -1: below");
  p.result("verdict", "verdict[seed, rule, network, checkpoint]",
           "1: called accurate, 0: not; missing where what the rule needs is not finite");
  p.result("kind", "kind[kind]", "the groups by name");
  p.result("by_kind", "score[kind, rule, score]",
           "scores in each group, all checkpoints together, mean over seeds");
}

/// BadOption: nothing to judge, or nothing to learn from.
void require_parts(const Networks& t, const Settings& s) {
  if (s.test_only && detail::part_size(t, Part::Test) == 0)
    throw BadOption(
        "`evaluate: test`, but the test part holds no network with a finite target; connect port "
        "'part' or say `evaluate: all`");
  if (detail::part_size(t, Part::Train) == 0)
    throw BadOption(
        "the training part holds no network with a finite target, and nothing can be learned; "
        "change the parts");
}

void Classify::run(Context& context, const Host& host) {
  const Networks networks = networks_of(context);
  require_parts(networks, settings_);
  const RuleList list = rules_of(settings_, networks);
  require_common_length(list, networks);
  const Labels labels = labels_of(networks, settings_);
  const Judgements judgements = judgements_of(list.rules, networks, labels, settings_, host);
  const Outcomes outcomes = outcomes_of(judgements, networks, labels, settings_.test_only);
  const Figures figures = figures_of(outcomes, networks, labels, settings_, host);

  give_counts(context, labels, outcomes);
  give_names(context, list.rules, networks);
  give_scores(context, figures, networks);
  give_verdicts(context, judgements, networks);
  give_tables(context, {networks, list.rules, figures, settings_,
                        heading_of(networks, labels, settings_, outcomes)});
  for (const auto& [key, text] : notes_of(networks, labels, settings_, outcomes))
    context.note("", key, text);
  const auto tell = [&](const std::string& key, const std::string& text) {
    if (text.empty()) return;
    context.note("", key, text);
    host.warn(text);
  };
  tell("left_out", left_out_text(networks));
  tell("missing", missing_text(list.rules, figures, outcomes));
  tell("undecided", undecided_text(list.rules, judgements));
  tell("unmatched", unmatched_text(list.rules, networks, settings_.published));
  std::string fewer;
  for (const std::string& text : list.left_out) fewer += (fewer.empty() ? "" : "; ") + text;
  tell("rules_left_out", fewer.empty() ? "" : "rules were left out: " + fewer);
}

void Classify::give_counts(Context& context, const Labels& labels, const Outcomes& outcomes) const {
  double positives = 0;
  for (const Index i : outcomes.networks) positives += labels.positive[i];
  const auto one = [&](const char* port, double x) { context.result(port, {}, {&x, 1}); };
  one("networks", static_cast<double>(outcomes.networks.size()));
  one("positives", positives);
  one("threshold", labels.threshold);
  context.result("label", {labels.positive.size()},
                 {labels.positive.data(), static_cast<std::size_t>(labels.positive.size())});
}

void Classify::give_names(Context& context, const std::vector<Rule>& rules,
                          const Networks& t) const {
  const auto codes = [&](const char* port, std::size_t count, const std::string& words) {
    std::vector<double> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0.0);
    context.result(port, {static_cast<std::int64_t>(count)}, numbers);
    context.note(port, "flag_meanings", words);
  };
  std::string names, kinds;
  for (const Rule& rule : rules) names += (names.empty() ? "" : " ") + rule.name;
  for (const std::string& kind : t.kinds) kinds += (kinds.empty() ? "" : " ") + kind;
  codes("rule", rules.size(), names);
  codes("score", score_count, score_names);
  codes("cell", cell_count, cell_names);
  if (!t.kinds.empty()) codes("kind", t.kinds.size(), kinds);
}

void Classify::give_scores(Context& context, const Figures& figures, const Networks& t) const {
  const auto whole = [&](const char* port, const analyses::Grid& a) {
    context.result(port, a.shape, a.values);
  };
  /// The last checkpoint, which is all of them together, goes to a port of its own.
  const auto split = [&](const char* port, const char* together, const analyses::Grid& a) {
    const std::span<const double> values = a.values;
    const auto last = static_cast<std::size_t>(a.shape[1] * a.shape[2]);
    context.result(port, {a.shape[0] - 1, a.shape[1], a.shape[2]},
                   values.first(values.size() - last));
    if (together) context.result(together, {a.shape[1], a.shape[2]}, values.last(last));
  };
  split("mean", "overall", figures.mean);
  split("lower", "overall_lower", figures.interval.lower);
  split("upper", "overall_upper", figures.interval.upper);
  split("deviation", nullptr, figures.deviation);
  whole("scores", figures.scores);
  whole("confusion", figures.confusion);
  if (!t.kinds.empty()) whole("by_kind", figures.by_kind);
}

void Classify::give_verdicts(Context& context, const Judgements& judgements,
                             const Networks& t) const {
  const auto rules = static_cast<Index>(judgements.size());
  analyses::Grid boundary({t.seeds, t.checkpoints, rules}), orientation({t.seeds, rules});
  analyses::Grid verdict({t.seeds, rules, t.networks, t.checkpoints});
  for (Index r = 0; r < rules; ++r)
    for (Index s = 0; s < t.seeds; ++s) {
      const std::vector<Judgement>& seeds = judgements[static_cast<std::size_t>(r)];
      const Judgement& j = seeds[seeds.size() == 1 ? 0 : static_cast<std::size_t>(s)];
      orientation(s, r) = j.orientation;
      for (Index c = 0; c < t.checkpoints; ++c) {
        boundary(s, c, r) = j.boundary[c];
        for (Index i = 0; i < t.networks; ++i) verdict(s, r, i, c) = j.verdict(i, c);
      }
    }
  context.result("boundary", boundary.shape, boundary.values);
  context.result("orientation", orientation.shape, orientation.values);
  context.result("verdict", verdict.shape, verdict.values);
}

void Classify::give_tables(Context& context, const Told& told) const {
  context.note("mean", "table", score_table(told));
  if (told.networks.checkpoints > 1) context.note("overall", "table", course_table(told));
  if (!told.networks.kinds.empty()) context.note("by_kind", "table", kind_table(told));
}

}  // namespace lyap::classify

LYAP_PLUGINS(lyap::classify::Classify)
