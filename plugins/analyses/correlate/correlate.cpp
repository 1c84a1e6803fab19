// plugins/analyses/correlate/correlate.cpp - what of a spectrum goes with the loss of its network.
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "correlate/bootstrap.hpp"
#include "correlate/correlation.hpp"
#include "correlate/settings.hpp"
#include "correlate/statistics.hpp"
#include "grid.hpp"
#include "network_groups.hpp"
#include "padded_spectrum.hpp"
#include "published.hpp"

namespace lyap::correlate {

using analyses::Grid;

class Correlate final : public Analysis {
 public:
  static constexpr About about{
      "correlate", "1.0.0",
      "Statistics of each Lyapunov spectrum and their correlation with the loss over networks",
      "Vogt et al. (2022), On Lyapunov exponents for RNNs: statistics of spectra beside losses"};
  static void options(Options& o) {
    Settings::declare(o);
    analyses::declare_published(o);
  }
  static void ports(Ports& p);

  explicit Correlate(const Values& v)
      : settings_(v), names_(statistic_names(settings_)), published_(v.texts("published")) {}
  void run(Context& context, const Host& host) override;

 private:
  Grid statistics(const Grid& spectra) const;
  void correlate(Context& context, const Grid& values, const std::vector<double>& target,
                 const Host& host) const;
  void by_group(Context& context, const Grid& values, const std::vector<double>& target) const;
  void say(Context& context, const Grid& spectra, const std::vector<double>& target,
           const Host& host) const;
  Settings settings_;
  std::vector<std::string> names_;
  std::vector<std::string> published_;
};

void Correlate::ports(Ports& p) {
  p.input("spectra", "exponent[network, checkpoint, index] nats/step",
          "spectra, the shorter ones padded with missing exponents");
  p.input("target", "loss[network]", "what they are to go with");
  p.optional("group", "group[network]", "correlations within each group too");
  p.result("statistic", "statistic[statistic]", "names of the statistics");
  p.result("value", "value[network, checkpoint, statistic]", "of each spectrum");
  p.result("pearson", "correlation[checkpoint, statistic]", "of the values and the target");
  p.result("pearson_lower", "correlation[checkpoint, statistic]", "where its interval begins");
  p.result("pearson_upper", "correlation[checkpoint, statistic]", "where its interval ends");
  p.result("spearman", "correlation[checkpoint, statistic]", "of their ranks, equal ones sharing");
  p.result("spearman_lower", "correlation[checkpoint, statistic]", "where its interval begins");
  p.result("spearman_upper", "correlation[checkpoint, statistic]", "where its interval ends");
  p.result("n", "count[checkpoint, statistic]", "networks behind each correlation");
  p.result("groups", "group[group]", "names of the groups");
  p.result("group_pearson", "correlation[group, checkpoint, statistic]", "within each group");
  p.result("group_spearman", "correlation[group, checkpoint, statistic]", "within each group");
  p.result("group_n", "count[group, checkpoint, statistic]", "networks behind each of them");
}

namespace {

/// All of a statistic at a checkpoint, over these networks.
Pairs pairs_of(const Grid& values, const std::vector<double>& target,
               const std::vector<Index>& networks, Index checkpoint, Index statistic) {
  Pairs pairs;
  for (const Index i : networks)
    pairs.add(values(i, checkpoint, statistic), target[static_cast<std::size_t>(i)]);
  pairs.close();
  return pairs;
}

std::vector<Index> everyone(const Grid& values) {
  std::vector<Index> all(static_cast<std::size_t>(values.shape[0]));
  std::iota(all.begin(), all.end(), Index{0});
  return all;
}

std::string with_interval(double x, const Interval& interval) {
  return analyses::decimals(x, 3) + " [" + analyses::decimals(interval.low, 3) + ", " +
         analyses::decimals(interval.high, 3) + "]";
}

std::string checkpoint_name(Index checkpoint, Index all) {
  return all > 1 ? "checkpoint " + std::to_string(checkpoint) + " of 0 to " +
                       std::to_string(all - 1) + "\n"
                 : "";
}

}  // namespace

void Correlate::run(Context& context, const Host& host) {
  const Grid spectra = analyses::required(context, "spectra");
  const auto target = analyses::per_network(context, "target", spectra.shape[0]);
  const Grid values = statistics(spectra);
  analyses::give_names(context, "statistic", names_);
  values.give(context, "value");
  correlate(context, values, target, host);
  if (context.input("group")) by_group(context, values, target);
  say(context, spectra, target, host);
}

Grid Correlate::statistics(const Grid& spectra) const {
  const Index networks = spectra.shape[0], checkpoints = spectra.shape[1];
  Grid values({networks, checkpoints, static_cast<Index>(names_.size())});
  for (Index i = 0; i < networks; ++i)
    for (Index c = 0; c < checkpoints; ++c) {
      const auto found = statistics_of(analyses::unpadded(spectra.row(i, c)), settings_);
      std::copy(found.begin(), found.end(), values.row(i, c).begin());
    }
  return values;
}

void Correlate::correlate(Context& context, const Grid& values, const std::vector<double>& target,
                          const Host& host) const {
  const Index checkpoints = values.shape[1], statistics = values.shape[2];
  std::vector<Pairs> pairs;
  for (Index c = 0; c < checkpoints; ++c)
    for (Index s = 0; s < statistics; ++s)
      pairs.push_back(pairs_of(values, target, everyone(values), c, s));
  const Intervals intervals(pairs, values.shape[0], settings_.draws, settings_.confidence, host);

  Grid pearson({checkpoints, statistics}), low = pearson, high = pearson, spearman = pearson,
                                           rank_low = pearson, rank_high = pearson, n = pearson;
  std::string tables;
  for (Index c = 0; c < checkpoints; ++c) {
    analyses::AlignedText table({"statistic", "Pearson", "Spearman", "n"});
    for (Index s = 0; s < statistics; ++s) {
      const auto at = static_cast<std::size_t>(c * statistics + s);
      const auto [r, rho] = pairs[at].coefficients();
      pearson(c, s) = r, spearman(c, s) = rho;
      low(c, s) = intervals.pearson[at].low, high(c, s) = intervals.pearson[at].high;
      rank_low(c, s) = intervals.spearman[at].low, rank_high(c, s) = intervals.spearman[at].high;
      n(c, s) = static_cast<double>(pairs[at].count());
      table.add({names_[static_cast<std::size_t>(s)], with_interval(r, intervals.pearson[at]),
                 with_interval(rho, intervals.spearman[at]), std::to_string(pairs[at].count())});
    }
    tables += (c ? "\n" : "") + checkpoint_name(c, checkpoints) + table.text();
  }
  pearson.give(context, "pearson"), low.give(context, "pearson_lower");
  high.give(context, "pearson_upper"), spearman.give(context, "spearman");
  rank_low.give(context, "spearman_lower"), rank_high.give(context, "spearman_upper");
  n.give(context, "n");
  context.note("pearson", "table", analyses::with_published(tables, published_));
}

void Correlate::by_group(Context& context, const Grid& values,
                         const std::vector<double>& target) const {
  const auto [groups, ungrouped, connected] = analyses::groups_of(context, values.shape[0]);
  const auto count = static_cast<Index>(groups.size());
  const Index checkpoints = values.shape[1], statistics = values.shape[2];
  Grid pearson({count, checkpoints, statistics}), spearman = pearson, n = pearson;
  std::string tables;
  for (Index c = 0; c < checkpoints; ++c) {
    analyses::AlignedText::Row head{"Spearman within"};
    head.insert(head.end(), names_.begin(), names_.end());
    head.push_back("n");
    analyses::AlignedText table(head);
    for (Index g = 0; g < count; ++g) {
      const auto& group = groups[static_cast<std::size_t>(g)];
      analyses::AlignedText::Row row{group.name};
      std::size_t most = 0;
      for (Index s = 0; s < statistics; ++s) {
        const Pairs pairs = pairs_of(values, target, group.members, c, s);
        const auto [r, rho] = pairs.coefficients();
        pearson(g, c, s) = r, spearman(g, c, s) = rho;
        n(g, c, s) = static_cast<double>(pairs.count());
        row.push_back(analyses::decimals(rho, 3));
        most = std::max(most, pairs.count());
      }
      row.push_back(std::to_string(most));
      table.add(row);
    }
    tables += (c ? "\n" : "") + checkpoint_name(c, checkpoints) + table.text();
  }
  std::vector<std::string> names;
  for (const auto& group : groups) names.push_back(group.name);
  analyses::give_names(context, "groups", names);
  pearson.give(context, "group_pearson"), spearman.give(context, "group_spearman");
  n.give(context, "group_n");
  context.note("group_spearman", "table", tables);
  if (!ungrouped.empty())
    context.note("groups", "left_out",
                 analyses::counted(ungrouped.size(), "network") + " without a group");
}

void Correlate::say(Context& context, const Grid& spectra, const std::vector<double>& target,
                    const Host& host) const {
  context.note("statistic", "definitions", definitions(settings_));
  context.note("pearson", "interval",
               settings_.draws == 0 ? "none"
                                    : analyses::number(100 * settings_.confidence) +
                                          " %, percentiles of " + std::to_string(settings_.draws) +
                                          " bootstrap samples of networks; the same for Spearman");
  context.note("spearman", "ties", "equal values share the middle of their ranks");
  std::size_t no_target = 0, empty = 0, broken = 0;
  for (const double loss : target) no_target += !std::isfinite(loss);
  for (Index i = 0; i < spectra.shape[0]; ++i)
    for (Index c = 0; c < spectra.shape[1]; ++c) {
      const auto spectrum = analyses::unpadded(spectra.row(i, c));
      empty += spectrum.empty();
      broken += !detail::all_finite(spectrum);
    }
  if (no_target + empty + broken == 0) return;
  const std::string sentence =
      "left out of correlations: " + analyses::counted(no_target, "network") +
      " without a finite target, " + std::to_string(empty) + " missing spectra, and " +
      std::to_string(broken) +
      " spectra with an exponent that is not finite, where a statistic needs it; n says how many "
      "are left";
  context.note("", "left_out", sentence);
  host.warn(sentence);
}

}  // namespace lyap::correlate

LYAP_PLUGINS(lyap::correlate::Correlate)
